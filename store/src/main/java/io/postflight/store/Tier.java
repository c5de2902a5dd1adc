package io.postflight.store;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A retention tier, as far as its rows are concerned.
 *
 * @param name such as {@code 30d} or {@code eu-30d-gold}
 * @param retention how long a row lives, counted from its expiry anchor; whole seconds; null: for
 *     ever
 * @param widths bucket widths, oldest first, the first valid from 0
 */
public record Tier(String name, @Nullable Duration retention, List<BucketWidth> widths) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  /** What Cassandra and ScyllaDB take as a TTL at most: 20 years. */
  private static final Duration LONGEST = Duration.ofDays(20 * 365);

  public Tier {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("tier name is '" + name + "'; allowed is " + NAME);
    }
    if (retention != null
        && (retention.compareTo(Duration.ofSeconds(1)) < 0
            || retention.compareTo(LONGEST) > 0
            || retention.toNanosPart() != 0)) {
      throw new IllegalArgumentException(
          "retention of tier "
              + name
              + " is "
              + retention
              + "; allowed are whole seconds from 1 to "
              + LONGEST.toSeconds()
              + ", or none (for ever)");
    }
    widths = List.copyOf(widths);
    Buckets.requireOrdered(widths);
  }

  /** A tier with the usual bucket width for its retention. */
  public static Tier of(String name, @Nullable Duration retention) {
    return new Tier(name, retention, List.of(new BucketWidth(0, usualWidth(retention))));
  }

  /** The bucket arithmetic of this tier. */
  public Buckets buckets() {
    return new Buckets(widths);
  }

  /**
   * The width that keeps a retention within 50 slices: 12 hours up to 15 days, 1 day up to 45 days,
   * 2 days up to 100 days, then a fiftieth in whole days; 30 days when rows live for ever.
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
