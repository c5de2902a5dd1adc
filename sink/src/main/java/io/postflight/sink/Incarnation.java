package io.postflight.sink;

import java.util.function.LongSupplier;

/**
 * One stay of a partition with one task: from the processor's init to its close. Once closed, what
 * is still queued for it is dropped, and its acknowledgements change nothing.
 */
final class Incarnation {
  private final OffsetTracker tracker;
  private final long generation;
  private final LongSupplier clock;
  private volatile boolean closed;

  Incarnation(OffsetTracker tracker, Object owner, LongSupplier clock) {
    this.tracker = tracker;
    this.generation = tracker.open(owner);
    this.clock = clock;
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

  /** Records from the lowest unacknowledged one on. */
  int outstanding() {
    return tracker.outstanding();
  }

  void close() {
    closed = true;
    tracker.close(generation);
  }

  boolean closed() {
    return closed;
  }
}
