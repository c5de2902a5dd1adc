package io.postflight.sink.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Deterministic simulation of one history on one thread. Time advances only from event to event,
 * and all randomness comes from one seed, so that a seed always produces the same history.
 *
 * <p>An event that waits runs the following events, nested, until its wait ends. So a blocked
 * thread is simulated without a thread.
 */
public final class World {
  /** When every history begins, epoch milliseconds. */
  public static final long BEGINNING = 1_750_000_000_000L;

  /** A history takes some ten thousand events; more indicate an endless loop. */
  private static final int MOST_STEPS = 1_000_000;

  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  /** A scheduled event. */
  public static final class Event {
    private final long at;
    private final long order;
    private final Runnable work;
    private boolean cancelled;

    private Event(long at, long order, Runnable work) {
      this.at = at;
      this.order = order;
      this.work = work;
    }

    /** Cancels the event. */
    public void cancel() {
      cancelled = true;
    }
  }

  private final SplittableRandom random;
  private final boolean recording;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.<Event>comparingLong(event -> event.at)
              .thenComparingLong(event -> event.order));
  private final List<String> trace = new ArrayList<>();
  private long nanos;
  private long orders;
  private int steps;
  private long hash;
  private boolean faultsStopped;

  /**
   * Creates a world at its beginning.
   *
   * @param recording whether to keep the trace for printing
   */
  public World(long seed, boolean recording) {
    this.random = new SplittableRandom(seed);
    this.recording = recording;
  }

  /** Nanoseconds since the beginning. */
  public long nanos() {
    return nanos;
  }

  /** Milliseconds since the beginning. */
  public long millis() {
    return nanos / 1_000_000;
  }

  /** The wall clock. */
  public InstantSource wallClock() {
    return () -> Instant.ofEpochMilli(BEGINNING + millis());
  }

  /** Schedules an event after a delay and a small random time. */
  public Event after(long delayMillis, Runnable work) {
    long at = nanos + delayMillis * 1_000_000 + random.nextLong(200_000);
    Event event = new Event(at, orders++, work);
    events.add(event);
    return event;
  }

  /**
   * Runs the next event unless it is after the limit; then time stops at the limit.
   *
   * @return whether an event was run
   */
  public boolean step(long limitNanos) {
    for (Event next = events.peek(); next != null && next.at <= limitNanos; next = events.peek()) {
      events.remove();
      if (!next.cancelled) {
        if (++steps > MOST_STEPS) {
          throw new AssertionError("events without end: after " + millis() + " ms");
        }
        nanos = Math.max(nanos, next.at);
        next.work.run();
        return true;
      }
    }
    nanos = Math.max(nanos, limitNanos);
    return false;
  }

  /** Whether a fault with this probability happens now; never after {@link #stopFaults}. */
  public boolean fault(double probability) {
    return !faultsStopped && random.nextDouble() < probability;
  }

  /** Returns true with this probability. */
  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A number from 0 to below the bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number from one to another, both included. */
  public int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  public double fraction() {
    return random.nextDouble();
  }

  /** No fault happens from now on. */
  public void stopFaults() {
    faultsStopped = true;
    note("faults stopped", 0, 0);
  }

  /** Whether faults have stopped. */
  public boolean faultsStopped() {
    return faultsStopped;
  }

  /** Adds an entry to the trace, by which histories are compared. */
  public void note(String what, long a, long b) {
    hash = Long.rotateLeft(hash ^ what.hashCode(), 7) * HASH_FACTOR + nanos;
    hash = Long.rotateLeft(hash ^ a, 11) * HASH_FACTOR + b;
    if (recording) {
      trace.add("%10.3f ms  %s %d %d".formatted(nanos / 1e6, what, a, b));
    }
  }

  /** A hash of the trace with its times and order. */
  public long traceHash() {
    return hash;
  }

  /** The last lines of the trace; empty unless recording. */
  public List<String> trace(int last) {
    return trace.subList(Math.max(0, trace.size() - last), trace.size());
  }
}
