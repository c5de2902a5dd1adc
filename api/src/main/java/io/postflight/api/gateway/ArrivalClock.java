package io.postflight.api.gateway;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Says when things arrive, and remembers the newest such time: a clock may be set back. */
public final class ArrivalClock {
  private final InstantSource clock;
  private final AtomicLong newest = new AtomicLong(Long.MIN_VALUE);

  /** By a clock. */
  public ArrivalClock(InstantSource clock) {
    this.clock = clock;
  }

  /** The received_at of what arrives now, epoch milliseconds. */
  public long now() {
    long now = clock.millis();
    newest.accumulateAndGet(now, Math::max);
    return now;
  }

  /** The newest received_at given out, epoch milliseconds; {@link Long#MIN_VALUE}: none yet. */
  public long newest() {
    return newest.get();
  }
}
