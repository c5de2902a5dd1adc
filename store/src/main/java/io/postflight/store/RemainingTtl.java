package io.postflight.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The TTL that remains of a row's retention when it is written. A table's default TTL counts from
 * the time of the write, so that a replay would extend it; this one counts from the row's anchor.
 *
 * <p>Servers count whole seconds from the second of the write, ignoring the fraction. So the
 * remaining TTL is the difference of two seconds, and a row expires in the same second whenever it
 * is written. Rounding the difference instead would make that second depend on the time of the
 * write.
 *
 * @param seconds the TTL to bind if positive; 0 for no expiry; negative if expired
 */
public record RemainingTtl(int seconds) {
  private static final RemainingTtl NO_EXPIRY = new RemainingTtl(0);
  private static final RemainingTtl EXPIRED = new RemainingTtl(-1);

  /**
   * The remaining TTL in seconds: floor(anchor + retention) - floor(now), so that no row outlives
   * anchor + retention; expired if less than a second is left.
   *
   * @param anchorMillis start of the row's retention, epoch milliseconds
   * @param retention the retention; null if unlimited
   * @param nowMillis the time of the write, epoch milliseconds
   */
  public static RemainingTtl of(long anchorMillis, @Nullable Duration retention, long nowMillis) {
    if (retention == null) {
      return NO_EXPIRY;
    }
    long end = anchorMillis + retention.toMillis();
    if (end - nowMillis < 1000L) {
      return EXPIRED;
    }
    long left = secondOf(end) - secondOf(nowMillis);
    return new RemainingTtl((int) Math.min(left, Integer.MAX_VALUE));
  }

  /** When a row that is written at a time expires, as servers count it, epoch milliseconds. */
  public long expiresAt(long nowMillis) {
    return seconds == 0 ? Long.MAX_VALUE : (secondOf(nowMillis) + seconds) * 1000L;
  }

  /** Whether the row has expired and must not be written. */
  public boolean expired() {
    return seconds < 0;
  }

  private static long secondOf(long millis) {
    return Math.floorDiv(millis, 1000L);
  }
}
