package io.postflight.topology.normalize;

import org.jspecify.annotations.Nullable;

/**
 * What texts may hold so that no serializer or database after us stumbles.
 *
 * <p>An id is taken as it is or not at all: mending it could make one of two messages. A text is
 * mended: half a surrogate pair, which UTF-8 cannot write, becomes U+FFFD.
 */
final class Texts {
  private static final char REPLACEMENT = '\uFFFD';

  private Texts() {}

  /** Null for null and for what has no visible character. */
  static @Nullable String presentOrNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value;
  }

  /** What is wrong with this id, or null if nothing is. */
  static @Nullable String faultOfId(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (Character.isISOControl(c)) {
        return "has a control character";
      }
      if (Character.isSurrogate(c)) {
        if (!pairAt(id, i)) {
          return "has half a surrogate pair";
        }
        i++;
      }
    }
    return null;
  }

  /** The text with broken surrogates replaced, cut to so many characters; null if empty. */
  static @Nullable String mended(@Nullable String value, int most) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    return mended(value.length() <= most ? value : cut(value, most));
  }

  /** The text with broken surrogates replaced. */
  static String mended(String value) {
    int broken = firstBroken(value);
    return broken < 0 ? value : replaced(value, broken);
  }

  /** Whether there is half a surrogate pair in it. */
  static boolean isBroken(String value) {
    return firstBroken(value) >= 0;
  }

  private static int firstBroken(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (!pairAt(value, i)) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static String replaced(String value, int from) {
    StringBuilder mended = new StringBuilder(value);
    for (int i = from; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (pairAt(value, i)) {
          i++;
        } else {
          mended.setCharAt(i, REPLACEMENT);
        }
      }
    }
    return mended.toString();
  }

  private static String cut(String value, int most) {
    int end = Character.isHighSurrogate(value.charAt(most - 2)) ? most - 2 : most - 1;
    return value.substring(0, end) + '…';
  }

  private static boolean pairAt(String value, int i) {
    return i + 1 < value.length()
        && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1));
  }

  /** Bytes that the text has in UTF-8 at most. */
  static long mostUtf8Length(@Nullable String value) {
    return value == null ? 0 : 3L * value.length();
  }

  /** Bytes of the text in UTF-8; broken surrogates have been mended before. */
  static long utf8Length(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    long bytes = value.length();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        // Two bytes below U+0800; three above, and four for a pair, which is two for each half.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return bytes;
  }
}
