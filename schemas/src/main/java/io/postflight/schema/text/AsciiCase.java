package io.postflight.schema.text;

/**
 * Upper and lower case of the letters A to Z only. Unicode maps other characters to them (a dotless
 * i to I, a long s to S, the sign of Kelvin to k), so that names that differ would be equal.
 */
public final class AsciiCase {
  private AsciiCase() {}

  /** The text with a to z in upper case. */
  public static String upper(String text) {
    return shifted(text, 'a', 'z', 'A' - 'a');
  }

  /** The text with A to Z in lower case. */
  public static String lower(String text) {
    return shifted(text, 'A', 'Z', 'a' - 'A');
  }

  private static String shifted(String text, char first, char last, int by) {
    char[] chars = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= first && c <= last) {
        chars = chars == null ? text.toCharArray() : chars;
        chars[i] = (char) (c + by);
      }
    }
    return chars == null ? text : new String(chars);
  }
}
