package io.postflight.topology.adapter;

import io.postflight.schema.text.AsciiCase;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a body, with their content type.
 *
 * @param bytes valid UTF-8, from {@code offset} on
 * @param offset start of the text, after a byte order mark if there is one
 * @param contentType as sent, or null
 * @param query whether this is the query string of a GET request
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copying is expensive
public record Payload(byte[] bytes, int offset, @Nullable String contentType, boolean query) {
  /**
   * Whether the body is JSON, for a provider that also sends forms: decided by the content type or
   * the first character. An encoded form never starts with a brace or a bracket.
   */
  public boolean json() {
    if (query) {
      return false;
    }
    if (contentType != null && AsciiCase.lower(contentType).contains("json")) {
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
