package io.postflight.topology.runtime;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Commits early while no input is queued.
 *
 * <p>A commit ends all batches of a thread and, with transactions, has the broker write a marker to
 * every partition that it wrote to. So the commit interval of Kafka Streams serves throughput. A
 * thread whose partitions have no more input in Kafka can afford more commits: it commits at once,
 * but not sooner than {@value #EARLY_MILLIS} ms after its last commit. Kafka Streams does not
 * expose whether input is queued, nor the commits; consumer and producer of the thread report them.
 *
 * <p>One instance serves all threads of a role. The state of a thread is thread-local, so that
 * tasks may migrate between threads, and threads may be replaced.
 */
public final class CommitPacing {
  private static final long EARLY_MILLIS = 50;
  private static final long EARLY_NANOS = Duration.ofMillis(EARLY_MILLIS).toNanos();

  /** Poll timeout if a commit is due unless input is queued. */
  private static final long DUE_NANOS = Duration.ofMillis(1).toNanos();

  private final LongSupplier nanos;
  private final ThreadLocal<ThreadState> threads = ThreadLocal.withInitial(ThreadState::new);

  /** State of one thread. Used by that thread only. */
  private final class ThreadState {
    private long committedAt = nanos.getAsLong();

    /** Of a task that has processed a record since the last commit; null: none has. */
    private @Nullable ProcessorContext<?, ?> uncommitted;
  }

  /**
   * @param nanos a monotonic clock, such as {@link System#nanoTime}
   */
  public CommitPacing(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Wraps a processor so that its records are committed early. */
  public <K, V, K2, V2> Processor<K, V, K2, V2> around(Processor<K, V, K2, V2> processor) {
    return new Processor<>() {
      private @Nullable ProcessorContext<K2, V2> context;

      @Override
      public void init(ProcessorContext<K2, V2> given) {
        context = given;
        processor.init(given);
      }

      @Override
      public void process(Record<K, V> record) {
        processor.process(record);
        threads.get().uncommitted = context;
      }

      @Override
      public void close() {
        processor.close();
      }
    };
  }

  /** The poll timeout of this thread, at most the one wanted. */
  public Duration pollTimeout(Duration wanted) {
    ThreadState thread = threads.get();
    if (thread.uncommitted == null) {
      return wanted;
    }
    long left = Math.max(DUE_NANOS, thread.committedAt + EARLY_NANOS - nanos.getAsLong());
    return left < wanted.toNanos() ? Duration.ofNanos(left) : wanted;
  }

  /** This thread has polled for input. */
  public void polled(BooleanSupplier inputQueued) {
    ThreadState thread = threads.get();
    if (thread.uncommitted != null && nanos.getAsLong() - thread.committedAt >= EARLY_NANOS) {
      if (!inputQueued.getAsBoolean()) {
        thread.uncommitted.commit();
      }
      // The request stands; without a further record, as during an outage, polls may be long.
      thread.uncommitted = null;
    }
  }

  /** This thread has committed all of its tasks. */
  public void committed() {
    ThreadState thread = threads.get();
    thread.committedAt = nanos.getAsLong();
    thread.uncommitted = null;
  }
}
