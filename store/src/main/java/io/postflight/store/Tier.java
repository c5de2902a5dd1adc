package io.postflight.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postflight.schema.settings.Setting;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A retention tier.
 *
 * @param name such as {@code 30d} or {@code eu-30d-gold}
 * @param retention retention of a row, counted from its expiry anchor; whole seconds; null if
 *     unlimited
 * @param widths bucket widths of timelines, oldest first, the first valid from 0
 * @param listingWidths the same of listings, which have all messages of a tenant
 */
public record Tier(
    String name,
    @Setting(
            value = "Retention of rows, counted from the event; or forever.",
            min = "1s",
            max = "7300d",
            none = "forever")
        @Nullable Duration retention,
    @JsonProperty("bucketWidth")
        @Setting(
            value =
                "Width of the time buckets of a user's timeline. To change it later, add the new"
                    + " width with the time from which it applies:"
                    + " [\"12h\", \"2027-01-01T00:00:00Z=6h\"].",
            allowed = "a time span such as 1d, or <RFC 3339 time>=<time span> from that time on")
        List<BucketWidth> widths,
    @JsonProperty("listingBucketWidth")
        @Setting(
            value =
                "Width of the time buckets of a tenant's listing of messages. Changed like"
                    + " bucketWidth.",
            defaultValue = "1d",
            allowed = "a time span such as 1d, or <RFC 3339 time>=<time span> from that time on")
        List<BucketWidth> listingWidths) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  /** The maximum TTL of Cassandra and ScyllaDB: 20 years. */
  private static final Duration MAX_RETENTION = Duration.ofDays(20 * 365);

  private static final int WINDOWS = 30;
  private static final Duration SHORTEST_WIDTH = Duration.ofMinutes(1);

  public Tier {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("tier name is '" + name + "'; allowed is " + NAME);
    }
    if (retention != null
        && (retention.compareTo(Duration.ofSeconds(1)) < 0
            || retention.compareTo(MAX_RETENTION) > 0
            || retention.toNanosPart() != 0)) {
      throw new IllegalArgumentException(
          "retention of tier "
              + name
              + " is "
              + retention
              + "; allowed are whole seconds from 1 to "
              + MAX_RETENTION.toSeconds()
              + ", or none (unlimited)");
    }
    widths = List.copyOf(widths);
    Buckets.requireOrdered(widths);
    listingWidths = List.copyOf(listingWidths);
    Buckets.requireOrdered(listingWidths);
  }

  /** Creates a tier with the default bucket width for its retention. */
  public static Tier of(String name, @Nullable Duration retention) {
    return new Tier(
        name,
        retention,
        List.of(new BucketWidth(0, usualWidth(retention))),
        List.of(new BucketWidth(0, Duration.ofDays(1))));
  }

  /** The bucket arithmetic of timelines. */
  public Buckets buckets() {
    return new Buckets(widths);
  }

  /** The bucket arithmetic of listings. */
  public Buckets listingBuckets() {
    return new Buckets(listingWidths);
  }

  /**
   * The default bucket width of timelines: a third of the retention in whole days, so that an
   * ordinary user's journey is at most four partitions; a year for unlimited retention.
   */
  public static Duration usualWidth(@Nullable Duration retention) {
    if (retention == null) {
      return Duration.ofDays(365);
    }
    Duration third = retention.dividedBy(3);
    return third.toDays() > 0
        ? Duration.ofDays(third.toDays())
        : third.compareTo(SHORTEST_WIDTH) > 0 ? third : SHORTEST_WIDTH;
  }

  /**
   * The window of time window compaction, whatever the width of a bucket: a thirtieth of the
   * retention, at least an hour; 30 days for unlimited retention.
   */
  public Duration compactionWindow() {
    return retention == null
        ? Duration.ofDays(30)
        : Duration.ofHours(Math.max(1, (retention.toHours() + WINDOWS - 1) / WINDOWS));
  }
}
