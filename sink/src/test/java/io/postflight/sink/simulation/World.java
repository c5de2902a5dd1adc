package io.postflight.sink.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Where everything of one history happens, on one thread. Time passes only from event to event, and
 * all chance comes from one seed, so that a seed is a history and gives the same one each time.
 *
 * <p>An event that waits runs the events that come after it, nested, until it need not wait any
 * more. That is how a thread that blocks is simulated without a thread.
 */
public final class World {
  /** When every history begins, epoch milliseconds. */
  public static final long BEGINNING = 1_750_000_000_000L;

  /** A history takes some ten thousand events; one that goes on is caught in a loop. */
  private static final int MOST_STEPS = 1_000_000;

  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  /** Something that is to happen. */
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

    /** Keeps it from happening. */
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
  private boolean calm;

  /**
   * A world at its beginning.
   *
   * @param recording whether its trace is kept, for people
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

  /** Lets something happen after so many milliseconds, and a bit. */
  public Event after(long delayMillis, Runnable work) {
    long at = nanos + delayMillis * 1_000_000 + random.nextLong(200_000);
    Event event = new Event(at, orders++, work);
    events.add(event);
    return event;
  }

  /**
   * Lets the next event happen, unless it comes too late; then time stops at the limit.
   *
   * @return whether one happened
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

  /** Whether that happens now which happens with a probability; never once calm. */
  public boolean fault(double probability) {
    return !calm && random.nextDouble() < probability;
  }

  /** Whether that happens now which happens with a probability. */
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

  /** From now on nothing goes wrong any more. */
  public void calmDown() {
    calm = true;
    note("calm", 0, 0);
  }

  /** Whether nothing goes wrong any more. */
  public boolean calm() {
    return calm;
  }

  /** Notes what happened: part of the trace, by which histories are compared. */
  public void note(String what, long a, long b) {
    hash = Long.rotateLeft(hash ^ what.hashCode(), 7) * HASH_FACTOR + nanos;
    hash = Long.rotateLeft(hash ^ a, 11) * HASH_FACTOR + b;
    if (recording) {
      trace.add("%10.3f ms  %s %d %d".formatted(nanos / 1e6, what, a, b));
    }
  }

  /** A number that stands for all that was noted, with its times and in its order. */
  public long traceHash() {
    return hash;
  }

  /** The last lines of what was noted; empty unless recording. */
  public List<String> trace(int last) {
    return trace.subList(Math.max(0, trace.size() - last), trace.size());
  }
}
