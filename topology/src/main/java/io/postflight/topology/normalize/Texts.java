package io.postflight.topology.normalize;

import org.jspecify.annotations.Nullable;

/**
 * Validates and repairs texts, so that every serializer and database accepts them.
 *
 * <p>An id is accepted unchanged or rejected: repairing it could merge two messages. Other texts
 * are repaired: an unpaired surrogate, which has no UTF-8 encoding, is replaced by U+FFFD.
 */
final class Texts {
  private static final char REPLACEMENT = '\uFFFD';

  private Texts() {}

  /** Null for null and for blank texts. */
  static @Nullable String presentOrNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value;
  }

  /** Why the id is invalid; null if it is valid. */
  static @Nullable String problemOfId(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (Character.isISOControl(c)) {
        return "has a control character";
      }
      if (Character.isSurrogate(c)) {
        if (!pairAt(id, i)) {
          return "has an unpaired surrogate";
        }
        i++;
      }
    }
    return null;
  }

  /** The text with unpaired surrogates replaced, truncated to a maximum; null if empty. */
  static @Nullable String repaired(@Nullable String value, int max) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    return repaired(value.length() <= max ? value : truncated(value, max));
  }

  /** The text with unpaired surrogates replaced. */
  static String repaired(String value) {
    int broken = firstBroken(value);
    return broken < 0 ? value : replaced(value, broken);
  }

  /** Whether the text has an unpaired surrogate. */
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
    StringBuilder repaired = new StringBuilder(value);
    for (int i = from; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (pairAt(value, i)) {
          i++;
        } else {
          repaired.setCharAt(i, REPLACEMENT);
        }
      }
    }
    return repaired.toString();
  }

  private static String truncated(String value, int max) {
    int end = Character.isHighSurrogate(value.charAt(max - 2)) ? max - 2 : max - 1;
    return value.substring(0, end) + '…';
  }

  private static boolean pairAt(String value, int i) {
    return i + 1 < value.length()
        && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1));
  }

  /** Upper bound of the bytes of the text in UTF-8. */
  static long maxUtf8Length(@Nullable String value) {
    return value == null ? 0 : 3L * value.length();
  }

  /** Bytes of the text in UTF-8; the text has no unpaired surrogates. */
  static long utf8Length(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    long bytes = value.length();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        // Two bytes below U+0800; three above, and four for a surrogate pair, two for each half.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return bytes;
  }
}
