package io.postflight.topology.adapter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Determines the channel of a Twilio message. */
final class TwilioChannels {
  private TwilioChannels() {}

  /**
   * The channel.
   *
   * @param named the channel as Twilio names it, or null
   * @param addresses of sender and recipient; a prefix, as in {@code whatsapp:+1…}, is the channel
   */
  static String of(@Nullable String named, @Nullable String... addresses) {
    String known = known(named);
    for (int i = 0; known == null && i < addresses.length; i++) {
      String address = addresses[i];
      int colon = address == null ? -1 : address.indexOf(':');
      known = address == null || colon < 0 ? null : known(address.substring(0, colon));
    }
    return known == null ? "SMS" : known;
  }

  private static @Nullable String known(@Nullable String name) {
    return name == null
        ? null
        : switch (name.toLowerCase(Locale.ROOT)) {
          case "whatsapp" -> "WHATSAPP";
          case "messenger" -> "MESSENGER";
          case "rcs" -> "RCS";
          case "sms" -> "SMS";
          case "mms" -> "MMS";
          case "email" -> "EMAIL";
          case "call", "voice" -> "VOICE";
          case "push" -> "PUSH";
          default -> null;
        };
  }
}
