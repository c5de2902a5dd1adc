package io.postflight.schema.signature;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that a provider signs with a request. A request whose time is too far from that of its
 * arrival is refused, since it may be an old one that somebody else sends again.
 */
final class SignedTime {
  private static final int MAX_DIGITS = 18;

  /** Difference of the clocks of a provider and of this machine. */
  private static final Duration CLOCKS = Duration.ofSeconds(30);

  private SignedTime() {}

  /**
   * Why a time is refused; null: it is valid.
   *
   * @param name of the time, for the reason
   * @param seconds epoch seconds, as the provider wrote them; null: there are none
   */
  static @Nullable String problem(SignedRequest request, String name, @Nullable String seconds) {
    if (seconds == null) {
      return name + " is missing";
    }
    long time = number(seconds.strip());
    if (time < 0) {
      return name + " is not a time in seconds";
    }
    return problem(request, name, time);
  }

  /** Why a time in epoch seconds is refused; null: it is valid. */
  static @Nullable String problem(SignedRequest request, String name, long seconds) {
    Duration age = Duration.ofSeconds(request.receivedAt() / 1000 - seconds);
    return age.abs().compareTo(request.maxAge()) <= 0
        ? null
        : "%s is %s the arrival; allowed: at most %s"
            .formatted(name, described(age), text(request.maxAge()));
  }

  /** Why a request has expired; null: it has not, or only within the difference of clocks. */
  static @Nullable String expired(SignedRequest request, String name, @Nullable String seconds) {
    long time = seconds == null ? -1 : number(seconds.strip());
    if (time < 0) {
      return name + (seconds == null ? " is missing" : " is not a time in seconds");
    }
    Duration since = Duration.ofSeconds(request.receivedAt() / 1000 - time);
    return since.compareTo(CLOCKS) <= 0
        ? null
        : "%s is %s before the arrival; allowed: at most %s"
            .formatted(name, text(since), text(CLOCKS));
  }

  private static String described(Duration age) {
    return text(age.abs()) + (age.isNegative() ? " after" : " before");
  }

  private static String text(Duration duration) {
    return duration.toSeconds() + " s";
  }

  private static long number(String text) {
    if (text.isEmpty() || text.length() > MAX_DIGITS) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
    }
    return Long.parseLong(text) / (text.length() > 11 ? 1000 : 1);
  }
}
