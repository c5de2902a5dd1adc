package io.postflight.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.postflight.schema.settings.Durations;
import java.time.Duration;
import java.time.Instant;

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
  private static final Duration MAX_WIDTH = Duration.ofDays(3650);

  public BucketWidth {
    if (validFrom < 0) {
      throw new IllegalArgumentException(
          "validFrom is " + validFrom + "; allowed are epoch milliseconds from 0 on");
    }
    if (width.compareTo(MIN_WIDTH) < 0
        || width.compareTo(MAX_WIDTH) > 0
        || width.toNanosPart() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          "width is " + width + "; allowed are whole milliseconds from one minute to 3650 days");
    }
  }

  /**
   * Parses a width such as {@code 12h}, or {@code 2027-01-01T00:00:00Z=6h} from a time on.
   *
   * @throws IllegalArgumentException if it is none
   * @throws java.time.DateTimeException if the time is none
   */
  @JsonCreator
  public static BucketWidth parse(String text) {
    int equals = text.indexOf('=');
    long from = equals < 0 ? 0 : Instant.parse(text.substring(0, equals)).toEpochMilli();
    return new BucketWidth(from, Durations.parse(text.substring(equals + 1)));
  }
}
