package io.postflight.topology.adapter;

import io.postflight.schema.topic.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * The time formats of providers of text messages: those of {@link Timestamps}, and dates with a
 * zone without colon, such as {@code 2019-11-09T16:00:00.000+0000}.
 */
final class ProviderTimes {
  private static final int ZONE = 5;
  private static final int DATE = 10;

  private ProviderTimes() {}

  /** The time of an entry; what is no time rejects it. */
  static @Nullable Long of(EventDraft draft, String name, String text) {
    return Timestamps.required(draft, name, withColon(text));
  }

  static void reject(EventDraft draft, String name) {
    draft.reject(
        RejectionReason.MALFORMED_BODY,
        name + " is not a time; allowed: RFC 3339, epoch seconds or milliseconds");
  }

  private static String withColon(String text) {
    int zone = text.length() - ZONE;
    if (zone <= DATE || !isSign(text.charAt(zone))) {
      return text;
    }
    for (int i = zone + 1; i < text.length(); i++) {
      if (!Character.isDigit(text.charAt(i))) {
        return text;
      }
    }
    return text.substring(0, zone + 3) + ':' + text.substring(zone + 3);
  }

  private static boolean isSign(char c) {
    return c == '+' || c == '-';
  }
}
