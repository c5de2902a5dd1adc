package io.postflight.schema.event;

import org.jspecify.annotations.NullMarked;

/**
 * Normalizes user ids, wherever an id enters the system: in providers' adapters, in requests and in
 * privacy commands. A phone number is its digits ({@code +1 (555) 111-2222} is {@code
 * 15551112222}); every other id is literal.
 *
 * <p>A phone number has 7 to 15 digits and otherwise only separators: blanks, hyphens and dashes,
 * parentheses, dots, slashes; and it has a plus sign before its first digit, or a blank or a
 * parenthesis. Digits that are joined by hyphens, dots or slashes alone are literal: {@code
 * 12-34567} and {@code 123-4567} may be two customers, and {@code 10.20.30.40} an address. The
 * function is idempotent.
 */
@NullMarked
public final class NormalizedUserId {
  private static final int LEAST_DIGITS = 7;
  private static final int MOST_DIGITS = 15;

  private NormalizedUserId() {}

  /** The normal form of an id. */
  public static String of(String id) {
    StringBuilder digits = new StringBuilder(MOST_DIGITS);
    boolean plus = false;
    boolean spaced = false;
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
      } else if (c == '+' && !plus && digits.isEmpty()) {
        plus = true;
      } else if (isSpacing(c)) {
        spaced = true;
      } else if (!isJoint(c)) {
        return id;
      }
    }
    boolean number = digits.length() >= LEAST_DIGITS && digits.length() <= MOST_DIGITS;
    return number && (plus || spaced) ? digits.toString() : id;
  }

  private static boolean isSpacing(char c) {
    return c == '(' || c == ')' || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  private static boolean isJoint(char c) {
    return c == '.' || c == '/' || Character.getType(c) == Character.DASH_PUNCTUATION;
  }
}
