package io.postflight.api.erasure;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.api.http.Problem;
import io.postflight.schema.erasure.RedactableFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** {@code {"redact": ["body", "sender"]}}, parsed strictly: anything unknown is rejected. */
final class RedactionRequest {
  /** Maximum body size. */
  static final int MAX_BYTES = 8 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private RedactionRequest() {}

  /**
   * The fields, sorted.
   *
   * @throws io.postflight.api.http.Problem 400 with the allowed form
   */
  static List<String> fields(byte[] body) {
    JsonNode redact = redact(body);
    List<String> fields = new ArrayList<>();
    for (JsonNode each : redact) {
      if (!each.isTextual()) {
        throw bad("'redact' has an entry that is not a string");
      }
      fields.add(each.textValue());
    }
    try {
      return RedactableFields.checked(fields);
    } catch (IllegalArgumentException refused) {
      throw Problem.badRequest(String.valueOf(refused.getMessage()));
    }
  }

  private static JsonNode redact(byte[] body) {
    JsonNode root;
    try {
      root = MAPPER.readTree(body);
    } catch (IOException malformed) {
      throw bad("the body is not JSON");
    }
    if (!root.isObject() || !root.path("redact").isArray()) {
      throw bad("the body has no array 'redact'");
    }
    if (root.size() > 1) {
      throw bad("the body has keys other than 'redact'");
    }
    return root.path("redact");
  }

  private static RuntimeException bad(String what) {
    return Problem.badRequest(
        what
            + "; allowed: {\"redact\": [...]} with fields of "
            + new TreeSet<>(RedactableFields.NAMES));
  }
}
