package io.postflight.topology.runtime;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Commits sooner than the commit interval of Kafka Streams, as far as commits are cheap.
 *
 * <p>A commit ends all batches of a thread and, with transactions, has the broker write a marker to
 * every partition that it wrote to. So the commit interval serves throughput, and is long. A thread
 * whose partitions have no more input in Kafka can afford more commits, and commits {@value
 * #IDLE_MILLIS} ms after its last commit; one with queued input does after {@value #LOADED_MILLIS}
 * ms. In both cases it first waits for a multiple of what the last commit took, so that commits
 * take at most a fifth of its time, or an eleventh while input is queued: a busy broker gets fewer
 * of them. Kafka Streams does not expose whether input is queued, nor the commits; consumer and
 * producer of the thread report them.
 *
 * <p>One instance serves all threads of a role. The state of a thread is thread-local, so that
 * tasks may migrate between threads, and threads may be replaced.
 */
public final class CommitPacing {
  private static final long IDLE_MILLIS = 50;
  private static final long IDLE_NANOS = Duration.ofMillis(IDLE_MILLIS).toNanos();
  private static final int IDLE_MULTIPLE = 4;

  private static final long LOADED_MILLIS = 100;
  private static final long LOADED_NANOS = Duration.ofMillis(LOADED_MILLIS).toNanos();
  private static final int LOADED_MULTIPLE = 10;

  /** Poll timeout if a commit is due unless input is queued. */
  private static final long DUE_NANOS = Duration.ofMillis(1).toNanos();

  private final LongSupplier nanos;
  private final ThreadLocal<ThreadState> threads = ThreadLocal.withInitial(ThreadState::new);

  /** State of one thread. Used by that thread only. */
  private final class ThreadState {
    private long committedAt = nanos.getAsLong();
    private long commitTook;

    /** When the commit in progress began; null: there is none. */
    private @Nullable Long begunAt;

    /** Whether Kafka has acknowledged it: what is left are the state stores. */
    private boolean acknowledged;

    /** Of a task that has processed a record since the last commit; null: none has. */
    private @Nullable ProcessorContext<?, ?> uncommitted;

    /** Whether the last poll left input in Kafka. */
    private boolean loaded;

    /** The thread does something else: the commit is done, or has failed. */
    private void endCommit() {
      Long begun = begunAt;
      if (begun != null && acknowledged) {
        committedAt = nanos.getAsLong();
        commitTook = committedAt - begun;
      }
      begunAt = null;
      acknowledged = false;
    }

    private long due(boolean whileLoaded) {
      return committedAt
          + (whileLoaded
              ? Math.max(LOADED_NANOS, LOADED_MULTIPLE * commitTook)
              : Math.max(IDLE_NANOS, IDLE_MULTIPLE * commitTook));
    }
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
        ThreadState thread = threads.get();
        if (thread.begunAt != null) {
          thread.endCommit();
        }
        processor.process(record);
        thread.uncommitted = context;
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
    thread.endCommit();
    if (thread.uncommitted == null) {
      return wanted;
    }
    long left = Math.max(DUE_NANOS, thread.due(thread.loaded) - nanos.getAsLong());
    return left < wanted.toNanos() ? Duration.ofNanos(left) : wanted;
  }

  /** This thread has polled for input. */
  public void polled(BooleanSupplier inputQueued) {
    ThreadState thread = threads.get();
    long now = nanos.getAsLong();
    if (thread.uncommitted == null || now < thread.due(false)) {
      return;
    }
    thread.loaded = inputQueued.getAsBoolean();
    if (now >= thread.due(thread.loaded)) {
      thread.uncommitted.commit();
      // The request stands; without a further record, as during an outage, polls may be long.
      thread.uncommitted = null;
    }
  }

  /**
   * This thread commits all of its tasks. Only the first call counts, until it polls or processes a
   * record.
   */
  public void committing() {
    ThreadState thread = threads.get();
    if (thread.begunAt == null) {
      thread.begunAt = nanos.getAsLong();
    }
  }

  /** Kafka has acknowledged the commit; the state stores follow. */
  public void committed() {
    ThreadState thread = threads.get();
    thread.acknowledged = true;
    thread.uncommitted = null;
    thread.loaded = false;
  }
}
