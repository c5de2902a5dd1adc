package io.postflight.schema.text;

/**
 * Texts that may quote what a user or a peer sent. Every character that ends a line, controls a
 * terminal or changes the direction of text is escaped, so that untrusted texts can neither forge
 * lines nor change a terminal.
 */
public final class EscapedText {
  private EscapedText() {}

  /** The text in one line. */
  public static String of(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    append(escaped, text);
    return escaped.toString();
  }

  /** Appends the text in one line. */
  public static void append(StringBuilder escaped, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (isSafe(c)) {
            escaped.append(c);
          } else {
            escaped.append(String.format("\\u%04x", (int) c));
          }
        }
      }
    }
  }

  private static boolean isSafe(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
