package io.postflight.sink;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One stay of a partition with one task: from the processor's init to its close. Once closed, what
 * is still queued for it is dropped, and its acknowledgements change nothing.
 *
 * <p>It bounds what waits for replicas that do not take it: bytes, and records behind one that is
 * not written, all of which are remembered, and read again after a crash. Beyond either its Kafka
 * partition is to be paused until half of that is done; other partitions are not concerned.
 */
final class Incarnation {
  private final OffsetTracker tracker;
  private final long generation;
  private final LongSupplier clock;
  private final Limits limits;
  private final AtomicLong blockedBytes = new AtomicLong();
  private volatile boolean full;
  private volatile boolean closed;

  /**
   * How much of one Kafka partition may wait.
   *
   * @param bytes of records that are blocked
   * @param records from the lowest unacknowledged one on; so many take about 4 MiB to remember
   */
  record Limits(long bytes, int records) {
    /** The usual number of records. */
    static Limits ofBytes(long bytes) {
      return new Limits(bytes, 1 << 18);
    }
  }

  Incarnation(OffsetTracker tracker, Object owner, LongSupplier clock, Limits limits) {
    this.tracker = tracker;
    this.generation = tracker.open(owner);
    this.clock = clock;
    this.limits = limits;
  }

  /** The record's ticket. */
  long track(long offset) {
    return tracker.track(generation, offset, clock.getAsLong());
  }

  /** Tells when all records before the ticket's are acknowledged. */
  void await(long ticket, OffsetTracker.Turn turn) {
    if (closed) {
      turn.lost();
    } else {
      tracker.await(ticket, turn);
    }
  }

  void acknowledge(long ticket) {
    if (!closed) {
      tracker.acknowledge(ticket);
    }
  }

  /** Counts bytes as blocked; negative: no longer. */
  void block(long bytes) {
    blockedBytes.addAndGet(bytes);
  }

  /** Whether its Kafka partition is to be paused. */
  boolean full() {
    long bytes = blockedBytes.get();
    int records = tracker.outstanding();
    if (bytes > limits.bytes() || records > limits.records()) {
      full = true;
    } else if (bytes <= limits.bytes() / 2 && records <= limits.records() / 2) {
      full = false;
    }
    return full && !closed;
  }

  void close() {
    closed = true;
    tracker.close(generation);
  }

  boolean closed() {
    return closed;
  }
}
