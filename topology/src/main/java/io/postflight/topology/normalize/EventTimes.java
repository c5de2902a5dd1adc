package io.postflight.topology.normalize;

import io.postflight.schema.event.EventTimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The time of an event, given the provider's time and the time of arrival.
 *
 * @param millis epoch milliseconds
 * @param source of the time
 */
public record EventTimes(long millis, EventTimeSource source) {
  /** Earliest plausible time: 2009-01-01T00:00:00Z. */
  static final long EARLIEST = 1_230_768_000_000L;

  /** How far ahead a provider's clock may be, milliseconds. */
  static final long TOLERANCE = 5 * 60_000L;

  private static final long QUARTER = 15 * 60_000L;

  /** Time zones are at most 14 hours from UTC. */
  private static final long MAX_QUARTERS = 14 * 4L;

  /** How much later a webhook may arrive than what it reports, or how far its clock may be off. */
  private static final long DELAY = 2 * 60_000L;

  /**
   * As {@link #of}, for a time that is marked as UTC but may be local time. If it differs from the
   * arrival by whole quarters of an hour, as time zones do, it is local, and the arrival is the
   * better estimate.
   */
  static EventTimes ofLocal(@Nullable Long providerTime, long receivedAt) {
    return of(
        providerTime != null && isShifted(receivedAt - providerTime) ? null : providerTime,
        receivedAt);
  }

  private static boolean isShifted(long millis) {
    long quarters = Math.floorDiv(millis + QUARTER / 2, QUARTER);
    return quarters != 0
        && Math.abs(quarters) <= MAX_QUARTERS
        && Math.abs(millis - quarters * QUARTER) <= DELAY;
  }

  /**
   * The provider's time, or the time of arrival if there is none or if it is implausible. A date in
   * the far future would block a partition: the database rejects such write timestamps.
   */
  static EventTimes of(@Nullable Long providerTime, long receivedAt) {
    if (providerTime == null) {
      return new EventTimes(receivedAt, EventTimeSource.ARRIVAL);
    }
    long time = providerTime;
    return time < EARLIEST || time > receivedAt + TOLERANCE
        ? new EventTimes(receivedAt, EventTimeSource.CLAMPED)
        : new EventTimes(time, EventTimeSource.PROVIDER);
  }
}
