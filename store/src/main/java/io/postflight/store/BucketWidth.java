package io.postflight.store;

import java.time.Duration;

/**
 * Width of a tier's buckets from a time on. Since a partition key cannot change afterwards, a new
 * width starts at a time in the future.
 *
 * @param validFrom first time (event_time or listed_at) to which the width applies, epoch
 *     milliseconds; 0 for a tier's first width
 * @param width duration of one bucket: whole milliseconds, at least one minute
 */
public record BucketWidth(long validFrom, Duration width) {
  private static final Duration MIN_WIDTH = Duration.ofMinutes(1);

  public BucketWidth {
    if (validFrom < 0) {
      throw new IllegalArgumentException(
          "validFrom is " + validFrom + "; allowed are epoch milliseconds from 0 on");
    }
    if (width.compareTo(MIN_WIDTH) < 0 || width.toNanosPart() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          "width is " + width + "; allowed are whole milliseconds, at least " + MIN_WIDTH);
    }
  }
}
