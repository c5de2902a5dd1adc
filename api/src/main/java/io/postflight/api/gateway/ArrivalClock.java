package io.postflight.api.gateway;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Assigns arrival times and tracks the newest, since a clock may be set back. */
public final class ArrivalClock {
  private final InstantSource clock;
  private final AtomicLong newest = new AtomicLong(Long.MIN_VALUE);

  /** Creates one over a clock. */
  public ArrivalClock(InstantSource clock) {
    this.clock = clock;
  }

  /** The received_at of a request that arrives now, epoch milliseconds. */
  public long now() {
    long now = clock.millis();
    newest.accumulateAndGet(now, Math::max);
    return now;
  }

  /** The newest received_at assigned, epoch milliseconds; {@link Long#MIN_VALUE}: none yet. */
  public long newest() {
    return newest.get();
  }
}
