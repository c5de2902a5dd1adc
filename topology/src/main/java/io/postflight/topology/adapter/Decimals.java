package io.postflight.topology.adapter;

/** Validates decimal numbers in text form. */
final class Decimals {
  private static final int MAX_CHARS = 32;

  private Decimals() {}

  /**
   * Whether the text has digits, at most one point and an optional minus; no exponent, no blanks.
   */
  static boolean isPlain(String text) {
    int points = 0;
    int digits = 0;
    for (int i = text.startsWith("-") ? 1 : 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        points++;
      } else if (c >= '0' && c <= '9') {
        digits++;
      } else {
        return false;
      }
    }
    return points <= 1 && digits > 0 && text.length() <= MAX_CHARS;
  }
}
