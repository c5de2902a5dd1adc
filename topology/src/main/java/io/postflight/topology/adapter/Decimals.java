package io.postflight.topology.adapter;

/** Decimal numbers as text. */
final class Decimals {
  private static final int MOST_CHARS = 32;

  private Decimals() {}

  /** Whether it is digits with at most one point and perhaps a minus: no exponent, no blanks. */
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
    return points <= 1 && digits > 0 && text.length() <= MOST_CHARS;
  }
}
