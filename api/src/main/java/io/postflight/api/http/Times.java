package io.postflight.api.http;

import io.postflight.schema.text.AsciiCase;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses times and durations. */
public final class Times {
  /** Allowed forms of a time, for messages. */
  public static final String ALLOWED =
      "RFC 3339 such as 2026-11-22T10:00:00Z, epoch milliseconds, or relative (that long ago)"
          + " such as 2h or 7d";

  /** Allowed forms of a duration, for messages. */
  public static final String DURATION_ALLOWED = "a number with unit ms, s, m, h or d, such as 5s";

  private static final Pattern EPOCH = Pattern.compile("\\d{1,15}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final long LATEST = 253_402_300_799_999L;

  private Times() {}

  /**
   * Epoch milliseconds, from 1970 to 9999; empty if the text has none of the forms of {@link
   * #ALLOWED}.
   */
  public static Optional<Long> millis(String text, long nowMillis) {
    return parse(text, nowMillis).filter(millis -> millis >= 0 && millis <= LATEST);
  }

  /** A duration; empty if the text is not one. */
  public static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  private static Optional<Long> parse(String text, long nowMillis) {
    if (EPOCH.matcher(text).matches()) {
      return Optional.of(Long.parseLong(text));
    }
    Optional<Duration> ago = duration(text);
    if (ago.isPresent()) {
      return Optional.of(Math.max(0, nowMillis - ago.get().toMillis()));
    }
    try {
      // An offset's plus that was not percent-encoded arrives as a space.
      String plain = AsciiCase.upper(text.replace(' ', '+'));
      return Optional.of(OffsetDateTime.parse(plain).toInstant().toEpochMilli());
    } catch (DateTimeException | ArithmeticException notATime) {
      return Optional.empty();
    }
  }
}
