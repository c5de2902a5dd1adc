package io.postflight.bench.micro;

import io.postflight.sink.commit.OffsetTracker;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Tracking an offset until it is acknowledged, in nanoseconds per record. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class OffsetTrackerBenchmark {
  private static final int RECORDS = 1_000;

  private final OffsetTracker tracker = new OffsetTracker();
  private final long generation = tracker.open(this);
  private final long[] tickets = new long[RECORDS];
  private long offset;

  /** A thousand records in flight, acknowledged in reverse order. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long trackAndAcknowledge() {
    for (int i = 0; i < RECORDS; i++) {
      tickets[i] = tracker.track(generation, offset++, 0);
    }
    for (int i = RECORDS - 1; i >= 0; i--) {
      tracker.acknowledge(tickets[i]);
    }
    return tracker.committable(this, offset);
  }
}
