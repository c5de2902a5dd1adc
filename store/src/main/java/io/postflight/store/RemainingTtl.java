package io.postflight.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a row's life when it is written. A table's default TTL counts from the arrival of
 * the write, so that a replay would lengthen a row's life; this counts from the row's anchor.
 *
 * <p>Servers count whole seconds: from the second of the write, whatever part of it is over. So the
 * life left is the difference of two seconds, and a row dies in the same one whenever it is
 * written. To round the difference instead would move that second with the moment of the write.
 *
 * @param seconds more than 0: what to bind; 0: no expiry; negative: expired, not to be written
 */
public record RemainingTtl(int seconds) {
  private static final RemainingTtl FOREVER = new RemainingTtl(0);
  private static final RemainingTtl EXPIRED = new RemainingTtl(-1);

  /**
   * The life left at a time, in seconds: floor(anchor + retention) - floor(now), so that no row
   * outlives anchor + retention; expired with less than a second left.
   *
   * @param anchorMillis when the row's life began, epoch milliseconds
   * @param retention how long it lasts; null: for ever
   * @param nowMillis the time of the attempt to write, epoch milliseconds
   */
  public static RemainingTtl of(long anchorMillis, @Nullable Duration retention, long nowMillis) {
    if (retention == null) {
      return FOREVER;
    }
    long end = anchorMillis + retention.toMillis();
    if (end - nowMillis < 1000L) {
      return EXPIRED;
    }
    long left = secondOf(end) - secondOf(nowMillis);
    return new RemainingTtl((int) Math.min(left, Integer.MAX_VALUE));
  }

  /** When a row dies that is written at a time, as servers count it, epoch milliseconds. */
  public long expiresAt(long nowMillis) {
    return seconds == 0 ? Long.MAX_VALUE : (secondOf(nowMillis) + seconds) * 1000L;
  }

  /** Whether nothing is left, so that the row must not be written. */
  public boolean expired() {
    return seconds < 0;
  }

  private static long secondOf(long millis) {
    return Math.floorDiv(millis, 1000L);
  }
}
