package io.postflight.schema.identity;

import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * The kind of an id of a user, in its normalized form. A phone number or an e-mail address is a
 * lease: it may pass to another person. The other ids are persons.
 */
@NullMarked
public enum AliasKind {
  /**
   * Business-scoped user id of Meta: a country code, a dot, and up to 128 letters and digits, at
   * least one of them a digit.
   */
  BSUID,
  /** Hidden id of WhatsApp. */
  LID,
  /** Id of a platform or of the tenant. */
  PLATFORM,
  /** E-mail address. */
  EMAIL,
  /** Phone number: 7 to 15 digits. */
  PHONE;

  private static final Pattern BUSINESS_SCOPED =
      Pattern.compile("[A-Z]{2}\\.(?:ENT\\.)?(?=[A-Za-z]*\\d)[A-Za-z0-9]{1,128}");
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s.]+(?:\\.[^@\\s.]+)+");
  private static final int LEAST_DIGITS = 7;
  private static final int MOST_DIGITS = 15;

  /** Longer ids are no address and no number. */
  private static final int MOST_CHARS = 320;

  /** Servers of WhatsApp: an id there is no e-mail address. */
  private static final String WHATSAPP = ".whatsapp.net";

  /** The kind of an id, or of the place of one ({@link ErasedHolder}). */
  public static AliasKind of(String id) {
    if (ErasedHolder.is(id)) {
      return ErasedHolder.kind(id);
    }
    if (id.length() > MOST_CHARS) {
      return PLATFORM;
    }
    if (isNumber(id)) {
      return PHONE;
    }
    if (id.endsWith("@lid")) {
      return LID;
    }
    if (BUSINESS_SCOPED.matcher(id).matches()) {
      return BSUID;
    }
    return id.indexOf('@') > 0 && !id.endsWith(WHATSAPP) && ADDRESS.matcher(id).matches()
        ? EMAIL
        : PLATFORM;
  }

  private static boolean isNumber(String id) {
    if (id.length() < LEAST_DIGITS || id.length() > MOST_DIGITS) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < '0' || id.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether an id of this kind may pass to another person. */
  public boolean isLease() {
    return this == PHONE || this == EMAIL;
  }
}
