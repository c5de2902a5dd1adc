package io.postflight.topology.adapter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of an encoded form or a query string; of repeated names, the first value. */
final class FormBody {
  private static final int MAX_PARAMETERS = 1000;

  private final Map<String, String> parameters;

  private FormBody(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  static FormBody read(Payload payload) throws IOException {
    byte[] bytes = payload.bytes();
    int end = endOfText(bytes, payload.offset());
    Map<String, String> parameters = new HashMap<>();
    int start = payload.offset();
    int count = 0;
    while (start < end) {
      int stop = indexOf(bytes, '&', start, end);
      if (stop > start) {
        if (++count > MAX_PARAMETERS) {
          throw new BodyTooLargeException("the form has more than " + MAX_PARAMETERS + " values");
        }
        int equals = indexOf(bytes, '=', start, stop);
        String name = decoded(bytes, start, equals);
        parameters.putIfAbsent(name, equals == stop ? "" : decoded(bytes, equals + 1, stop));
      }
      start = stop + 1;
    }
    return new FormBody(parameters);
  }

  /** The value of this parameter; null if missing or empty. */
  @Nullable String get(String name) {
    String value = parameters.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The first of these that is present. */
  @Nullable String first(String... names) {
    for (String name : names) {
      String value = get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Files of recorded forms end with a line break, which is not part of the last value. */
  private static int endOfText(byte[] bytes, int start) {
    int end = bytes.length;
    while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return end;
  }

  private static int indexOf(byte[] bytes, char wanted, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return end;
  }

  private static String decoded(byte[] bytes, int start, int end) throws IOException {
    byte[] text = new byte[end - start];
    int length = 0;
    int union = 0;
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (b == '%') {
        boolean whole = i + 2 < end;
        int high = whole ? Character.digit((char) bytes[i + 1], 16) : -1;
        int low = whole ? Character.digit((char) bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw new MalformedBodyException("the form has an invalid percent-encoding at byte " + i);
        }
        b = (byte) (high << 4 | low);
        i += 2;
      } else if (b == '+') {
        b = ' ';
      }
      text[length++] = b;
      union |= b;
    }
    boolean ascii = union >= 0;
    if (ascii) {
      return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedBodyException("the form has a value that is not UTF-8");
    }
  }
}
