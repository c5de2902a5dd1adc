package io.postflight.topology.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Who the person on the other side is, so that one telephone number is one user with every
 * provider: the digits of the number in international form, without plus sign and blanks ({@code
 * 593990000525}).
 *
 * <p>Only what certainly is a number is changed. Ids of another kind (Meta's business-scoped ids,
 * WhatsApp's {@code …@lid}, Messenger's page-scoped ids) stay as they are, the last with its
 * prefix: some consist of digits and would be taken for somebody's number.
 */
final class UserIds {
  private static final int LEAST_DIGITS = 3;

  private UserIds() {}

  /** Of a telephone number or of any other id. */
  static @Nullable String ofNumber(@Nullable String address) {
    if (address == null || address.isBlank()) {
      return null;
    }
    if (onlyDigits(address)) {
      return address;
    }
    char first = address.charAt(0);
    // A plus sign that a form did not escape arrives as a blank.
    if (first != '+' && first != ' ') {
      return address;
    }
    StringBuilder digits = new StringBuilder(address.length());
    for (int i = 1; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
      } else if (" -().".indexOf(c) < 0) {
        return address.strip();
      }
    }
    return digits.length() < LEAST_DIGITS ? address.strip() : digits.toString();
  }

  /** Of a Twilio address, such as {@code whatsapp:+593990000525}. */
  static @Nullable String ofTwilio(@Nullable String address) {
    if (address == null) {
      return null;
    }
    if (address.startsWith("whatsapp:") || address.startsWith("rcs:")) {
      return ofNumber(address.substring(address.indexOf(':') + 1));
    }
    return ofNumber(address);
  }

  /** Of a WhatsApp address, such as {@code 593990000525:12@s.whatsapp.net}. */
  static @Nullable String ofJid(@Nullable String jid) {
    if (jid == null) {
      return null;
    }
    int at = jid.indexOf('@');
    if (at < 0) {
      return ofNumber(jid);
    }
    String server = jid.substring(at + 1);
    if (!server.equals("s.whatsapp.net") && !server.equals("c.us")) {
      return jid;
    }
    int device = jid.indexOf(':');
    return ofNumber(jid.substring(0, device >= 0 && device < at ? device : at));
  }

  private static boolean onlyDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }
}
