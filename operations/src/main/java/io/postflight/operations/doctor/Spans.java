package io.postflight.operations.doctor;

import java.time.Duration;

/** Time spans as people say them. */
final class Spans {
  private static final long SECONDS_PER_HOUR = 3_600;
  private static final long SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR;

  private Spans() {}

  /** In the largest unit that leaves no rest: {@code 14d}, {@code 36h}, {@code 90s}. */
  static String of(Duration span) {
    long seconds = span.toSeconds();
    if (seconds == 0) {
      return span.toMillis() + "ms";
    }
    if (seconds % SECONDS_PER_DAY == 0) {
      return seconds / SECONDS_PER_DAY + "d";
    }
    if (seconds % SECONDS_PER_HOUR == 0) {
      return seconds / SECONDS_PER_HOUR + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** Of milliseconds as Kafka's settings have them; -1 is unlimited. */
  static String ofMillis(long millis) {
    return millis < 0 ? "unlimited" : of(Duration.ofMillis(millis));
  }
}
