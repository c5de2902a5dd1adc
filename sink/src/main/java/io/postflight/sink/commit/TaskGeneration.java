package io.postflight.sink.commit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One assignment of a partition to a task: from the processor's init to its close. After close,
 * rows that are still queued for it are dropped and its acknowledgements are ignored.
 *
 * <p>It bounds the work that is blocked by unavailable replicas: bytes, and records from the oldest
 * unacknowledged one on, which are tracked in memory and read again after a crash. Above either
 * bound its Kafka partition is paused until it has dropped to half of the bound. Other partitions
 * are not affected.
 */
public final class TaskGeneration {
  private final OffsetTracker tracker;
  private final long generation;
  private final LongSupplier clock;
  private final Limits limits;
  private final AtomicLong blockedBytes = new AtomicLong();
  private volatile boolean full;
  private volatile boolean closed;

  /**
   * Bounds of one Kafka partition.
   *
   * @param bytes bytes of blocked records
   * @param records records from the lowest unacknowledged one on; 2^18 of them take about 4 MiB of
   *     memory
   */
  public record Limits(long bytes, int records) {
    /** Limits with the default number of records. */
    public static Limits ofBytes(long bytes) {
      return new Limits(bytes, 1 << 18);
    }
  }

  /**
   * Opens the partition's next generation.
   *
   * @param owner the thread that runs the task, which alone may ask what can be committed
   * @param clock milliseconds
   */
  public TaskGeneration(OffsetTracker tracker, Object owner, LongSupplier clock, Limits limits) {
    this.tracker = tracker;
    this.generation = tracker.open(owner);
    this.clock = clock;
    this.limits = limits;
  }

  /** Tracks a record and returns its ticket. */
  public long track(long offset) {
    return tracker.track(generation, offset, clock.getAsLong());
  }

  /** Calls the listener once all records before the ticket's are acknowledged. */
  public void await(long ticket, OffsetTracker.TicketListener listener) {
    if (closed) {
      listener.onRevoked();
    } else {
      tracker.await(ticket, listener);
    }
  }

  /** Acknowledges that all writes of a record are done; ignored after close. */
  public void acknowledge(long ticket) {
    if (!closed) {
      tracker.acknowledge(ticket);
    }
  }

  /** Adds to the blocked bytes; a negative number subtracts. */
  public void block(long bytes) {
    blockedBytes.addAndGet(bytes);
  }

  /** Whether its Kafka partition has to be paused. */
  boolean isFull() {
    long bytes = blockedBytes.get();
    int records = tracker.outstanding();
    if (bytes > limits.bytes() || records > limits.records()) {
      full = true;
    } else if (bytes <= limits.bytes() / 2 && records <= limits.records() / 2) {
      full = false;
    }
    return full && !closed;
  }

  /** Ends the generation: outstanding records are dropped. */
  public void close() {
    closed = true;
    tracker.close(generation);
  }

  /** Whether it has ended, so that its queued rows are to be dropped. */
  public boolean closed() {
    return closed;
  }
}
