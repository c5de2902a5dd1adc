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
