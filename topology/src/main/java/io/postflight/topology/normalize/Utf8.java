package io.postflight.topology.normalize;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Validates UTF-8 as defined by RFC 3629: no overlong forms, no surrogates. Linear time. */
final class Utf8 {
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** The first byte that is not part of a well-formed character, or -1 if there is none. */
  static int firstInvalid(byte[] bytes) {
    int i = 0;
    while (i < bytes.length) {
      if (bytes[i] >= 0) {
        i = skipAscii(bytes, i);
      } else {
        int size = sizeAt(bytes, i);
        if (size == 0) {
          return i;
        }
        i += size;
      }
    }
    return -1;
  }

  private static int skipAscii(byte[] bytes, int from) {
    int i = from;
    while (i + Long.BYTES <= bytes.length && ((long) EIGHT_BYTES.get(bytes, i) & HIGH_BITS) == 0) {
      i += Long.BYTES;
    }
    while (i < bytes.length && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /** Length of the non-ASCII character that starts at i; 0 if it is not well-formed. */
  private static int sizeAt(byte[] bytes, int i) {
    int lead = bytes[i] & 0xFF;
    int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + size > bytes.length) {
      return 0;
    }
    int second = bytes[i + 1] & 0xFF;
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int k = 2; k < size; k++) {
      if ((bytes[i + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return size;
  }
}
