package io.postflight.topology.adapter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a body and how they came.
 *
 * @param bytes valid UTF-8; the part from {@code offset} on counts
 * @param offset where the text begins, after a byte order mark if there is one
 * @param contentType as sent, or null
 * @param query whether this is the query string of a GET call
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copying megabytes costs
public record Payload(byte[] bytes, int offset, @Nullable String contentType, boolean query) {
  /**
   * Whether the body is to be read as JSON, for a provider that sends forms as well: it says so, or
   * it begins like JSON. An encoded form never begins with a brace or a bracket.
   */
  public boolean json() {
    if (query) {
      return false;
    }
    if (contentType != null && contentType.toLowerCase(Locale.ROOT).contains("json")) {
      return true;
    }
    for (int i = offset; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '{' || b == '[') {
        return true;
      }
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return false;
  }
}
