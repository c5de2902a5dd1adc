package io.postflight.schema.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as text: a whole number and a unit, such as {@code 48KiB}. */
final class ByteSizes {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*([KMG]i)?B");

  private ByteSizes() {}

  /**
   * Parses a size; case does not matter.
   *
   * @throws IllegalArgumentException if it is none
   * @throws ArithmeticException if it is too large
   */
  static long parse(String text) {
    Matcher matcher = TEXT.matcher(text.toUpperCase(Locale.ROOT).replaceFirst("([KMG])IB", "$1iB"));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a size such as 48KiB");
    }
    String prefix = matcher.group(2) == null ? "" : matcher.group(2);
    int shift =
        switch (prefix) {
          case "" -> 0;
          case "Ki" -> 10;
          case "Mi" -> 20;
          default -> 30;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
  }
}
