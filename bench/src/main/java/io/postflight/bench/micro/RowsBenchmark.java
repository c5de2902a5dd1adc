package io.postflight.bench.micro;

import io.postflight.schema.message.TierRecord;
import io.postflight.store.Bucket;
import io.postflight.store.BucketWidth;
import io.postflight.store.Buckets;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a record of a tier's topic to its rows, and the buckets of a read, in nanoseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class RowsBenchmark {
  private static final Duration RETENTION = Duration.ofDays(30);

  private final Tier tier = Tier.of("30d", RETENTION);
  private final TierRecord record = new Message().lastRecord();
  private final Buckets buckets = new Buckets(List.of(BucketWidth.parse("10d")));
  private final long now = Instant.parse("2026-03-31T08:00:00Z").toEpochMilli();

  /** The rows of a completed message's status, with their cells and sizes. */
  @Benchmark
  public List<Row> rows() {
    return Rows.of(record, tier);
  }

  /** The buckets of a journey over the whole retention. */
  @Benchmark
  public List<Bucket> bucketWalk() {
    return buckets.newestFirst(now - RETENTION.toMillis(), now);
  }
}
