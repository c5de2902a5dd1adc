package io.postflight.topology.deadline;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Interpolates another {@link CaughtUp}. That one advances with each poll of Kafka, by seconds at
 * once, so that all deadlines in between would be due at the same time; this one spreads each
 * advance over as much time as has passed since the previous one, so that deadlines fire at the
 * rate at which they were set. It is never ahead of the other.
 *
 * <p>The first known time is used unchanged.
 */
public final class InterpolatedCaughtUp implements CaughtUp {
  /** Upper limit of the time over which an advance is spread. */
  private static final long MAX_DURATION_NANOS = Duration.ofMinutes(1).toNanos();

  private final CaughtUp steps;
  private final LongSupplier nanos;

  private long from = NEVER;
  private long to = NEVER;
  private long steppedAt;
  private long duration;

  /**
   * @param nanos a monotonic clock, such as {@link System#nanoTime}
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
      duration = Math.min(now - steppedAt, MAX_DURATION_NANOS);
      steppedAt = now;
    }
    return at(now);
  }

  private long at(long now) {
    long passed = now - steppedAt;
    return passed >= duration ? to : from + (long) ((to - from) * ((double) passed / duration));
  }
}
