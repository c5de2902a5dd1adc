package io.postflight.topology.adapter;

import io.postflight.schema.text.AsciiCase;
import org.jspecify.annotations.Nullable;

/** Reads booleans in the forms in which providers and their libraries write them. */
final class Booleans {
  private Booleans() {}

  /**
   * The boolean that a scalar's text is: {@code true} or {@code false} in any case, as a boolean or
   * a text, and 1 or 0; null if it is absent or anything else.
   */
  static @Nullable Boolean of(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (AsciiCase.lower(text)) {
      case "true", "1" -> Boolean.TRUE;
      case "false", "0" -> Boolean.FALSE;
      default -> null;
    };
  }

  /** Whether the text is a true boolean. */
  static boolean isTrue(@Nullable String text) {
    return Boolean.TRUE.equals(of(text));
  }

  /** Whether the text is a false boolean; an absent one is not. */
  static boolean isFalse(@Nullable String text) {
    return Boolean.FALSE.equals(of(text));
  }
}
