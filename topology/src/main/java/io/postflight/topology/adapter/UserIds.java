package io.postflight.topology.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Extracts the user id from a provider's address, so that a phone number is the same user with
 * every provider; {@link io.postflight.schema.event.NormalizedUserId} is applied to the result.
 *
 * <p>Only addresses that certainly contain a phone number are changed. WhatsApp's {@code …@lid}
 * keeps its suffix and Messenger's page-scoped ids their prefix: they consist of digits and could
 * be mistaken for a phone number.
 */
final class UserIds {
  private UserIds() {}

  /** Of a Twilio address, such as {@code whatsapp:+593990000525}. */
  static @Nullable String ofTwilio(@Nullable String address) {
    if (address == null) {
      return null;
    }
    if (address.startsWith("whatsapp:") || address.startsWith("rcs:")) {
      return address.substring(address.indexOf(':') + 1);
    }
    return address;
  }

  /** Of a WhatsApp address, such as {@code 593990000525:12@s.whatsapp.net}. */
  static @Nullable String ofJid(@Nullable String jid) {
    if (jid == null) {
      return null;
    }
    int at = jid.indexOf('@');
    if (at < 0) {
      return jid;
    }
    String server = jid.substring(at + 1);
    int device = jid.indexOf(':');
    String name = jid.substring(0, device >= 0 && device < at ? device : at);
    return switch (server) {
      case "s.whatsapp.net", "c.us" -> name;
      case "lid" -> name + "@lid";
      default -> jid;
    };
  }
}
