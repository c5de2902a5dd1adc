package io.postflight.topology.adapter;

import org.jspecify.annotations.Nullable;

/**
 * The part of a provider's address that says who the person on the other side is, so that one phone
 * number is one user with every provider; {@link io.postflight.schema.user.NormalizedUserId} is
 * applied to all of them afterwards.
 *
 * <p>Only what certainly is a number is unwrapped. WhatsApp's {@code …@lid} keeps its suffix and
 * Messenger's page-scoped ids their prefix: they consist of digits and would be taken for
 * somebody's number.
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
    if (!server.equals("s.whatsapp.net") && !server.equals("c.us")) {
      return jid;
    }
    int device = jid.indexOf(':');
    return jid.substring(0, device >= 0 && device < at ? device : at);
  }
}
