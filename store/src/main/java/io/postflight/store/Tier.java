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
 * @param widths bucket widths, oldest first, the first valid from 0
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
        List<BucketWidth> widths) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  /** The maximum TTL of Cassandra and ScyllaDB: 20 years. */
  private static final Duration MAX_RETENTION = Duration.ofDays(20 * 365);

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
  }

  /** Creates a tier with the default bucket width for its retention. */
  public static Tier of(String name, @Nullable Duration retention) {
    return new Tier(name, retention, List.of(new BucketWidth(0, usualWidth(retention))));
  }

  /** The bucket arithmetic of this tier. */
  public Buckets buckets() {
    return new Buckets(widths);
  }

  /**
   * The default bucket width, which divides a retention into at most 50 buckets: 12 hours up to 15
   * days, 1 day up to 45 days, 2 days up to 100 days, then a fiftieth in whole days; 30 days for
   * unlimited retention.
   */
  public static Duration usualWidth(@Nullable Duration retention) {
    if (retention == null) {
      return Duration.ofDays(30);
    }
    long days = retention.toDays();
    if (days <= 15) {
      return Duration.ofHours(12);
    }
    if (days <= 45) {
      return Duration.ofDays(1);
    }
    return Duration.ofDays(days <= 100 ? 2 : (days + 49) / 50);
  }
}
