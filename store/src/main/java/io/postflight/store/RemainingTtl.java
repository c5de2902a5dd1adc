package io.postflight.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a row's life when it is written. A table's default TTL counts from the arrival of
 * the write, so that a replay would lengthen a row's life; this counts from the row's anchor.
 *
 * @param seconds more than 0: what to bind; 0: no expiry; negative: expired, not to be written
 */
public record RemainingTtl(int seconds) {
  private static final RemainingTtl FOREVER = new RemainingTtl(0);
  private static final RemainingTtl EXPIRED = new RemainingTtl(-1);

  /**
   * The life left at a time: floor(anchor + retention - now), in seconds.
   *
   * @param anchorMillis when the row's life began, epoch milliseconds
   * @param retention how long it lasts; null: for ever
   * @param nowMillis the time of the attempt to write, epoch milliseconds
   */
  public static RemainingTtl of(long anchorMillis, @Nullable Duration retention, long nowMillis) {
    if (retention == null) {
      return FOREVER;
    }
    long left = Math.floorDiv(anchorMillis + retention.toMillis() - nowMillis, 1000L);
    return left <= 0 ? EXPIRED : new RemainingTtl((int) Math.min(left, Integer.MAX_VALUE));
  }

  /** Whether nothing is left, so that the row must not be written. */
  public boolean expired() {
    return seconds < 0;
  }
}
