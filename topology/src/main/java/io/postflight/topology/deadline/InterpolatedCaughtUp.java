package io.postflight.topology.deadline;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Another {@link CaughtUp} without its jumps. That one advances whenever Kafka has been asked, by
 * seconds at once, and all deadlines in between would be due at once; this one takes each step in
 * as long a time as passed since the step before, so that deadlines fire at the pace at which they
 * were set. It is never ahead of the other.
 *
 * <p>What is known first is taken as it is.
 */
public final class InterpolatedCaughtUp implements CaughtUp {
  /** However long a step took to come. */
  private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

  private final CaughtUp steps;
  private final LongSupplier nanos;

  private long from = NEVER;
  private long to = NEVER;
  private long steppedAt;
  private long duration;

  /**
   * @param nanos a clock that never goes back, such as {@link System#nanoTime}
   */
  public InterpolatedCaughtUp(CaughtUp steps, LongSupplier nanos) {
    this.steps = steps;
    this.nanos = nanos;
  }

  @Override
  public synchronized long asOf() {
    long latest = steps.asOf();
    long now = nanos.getAsLong();
    if (latest > to) {
      from = to == NEVER ? latest : at(now);
      to = latest;
      duration = Math.min(now - steppedAt, LONGEST_NANOS);
      steppedAt = now;
    }
    return at(now);
  }

  private long at(long now) {
    long passed = now - steppedAt;
    return passed >= duration ? to : from + (long) ((to - from) * ((double) passed / duration));
  }
}
