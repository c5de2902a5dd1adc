package io.postflight.store;

import java.time.Duration;

/**
 * How wide the buckets of a tier are from some time on. A partition key cannot change afterwards,
 * so a new width starts at a time that no row has reached yet.
 *
 * @param validFrom first time (event_time or listed_at) the width holds for, epoch milliseconds; 0
 *     for a tier's first width
 * @param width how much time one bucket spans: whole milliseconds, at least one minute
 */
public record BucketWidth(long validFrom, Duration width) {
  private static final Duration LEAST = Duration.ofMinutes(1);

  public BucketWidth {
    if (validFrom < 0) {
      throw new IllegalArgumentException(
          "validFrom is " + validFrom + "; allowed are epoch milliseconds from 0 on");
    }
    if (width.compareTo(LEAST) < 0 || width.toNanosPart() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          "width is " + width + "; allowed are whole milliseconds, at least " + LEAST);
    }
  }
}
