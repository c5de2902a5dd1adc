package io.postflight.topology.normalize;

import io.postflight.schema.event.EventTimeSource;
import org.jspecify.annotations.Nullable;

/**
 * When an event happened, given what the provider said and when it arrived.
 *
 * @param millis epoch milliseconds
 * @param source where that comes from
 */
public record EventTimes(long millis, EventTimeSource source) {
  /** No provider of ours is older: 2009-01-01T00:00:00Z. */
  static final long EARLIEST = 1_230_768_000_000L;

  /** How far ahead of ours a provider's clock may be, milliseconds. */
  static final long TOLERANCE = 5 * 60_000L;

  /**
   * The provider's time; the arrival's if there is none or if it is absurd. One absurd date would
   * stop a partition: the database refuses writes stamped days ahead.
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
