package io.postflight.schema.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text: a whole number and a unit, such as {@code 14d}, {@code 36h}, {@code 50ms}. */
public final class Durations {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");
  private static final long SECONDS_PER_HOUR = 3_600;
  private static final long SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR;

  private Durations() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a duration such as 5s or 14d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** A duration in the largest unit that expresses it exactly. */
  public static String format(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds == 0 || duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    if (seconds % SECONDS_PER_DAY == 0) {
      return seconds / SECONDS_PER_DAY + "d";
    }
    if (seconds % SECONDS_PER_HOUR == 0) {
      return seconds / SECONDS_PER_HOUR + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** Milliseconds as in Kafka's settings; -1 is unlimited. */
  public static String formatMillis(long millis) {
    return millis < 0 ? "unlimited" : format(Duration.ofMillis(millis));
  }
}
