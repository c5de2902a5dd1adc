package io.postflight.devstack.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes trees of JSON, which are built in memory and so cannot fail. */
final class Json {
  private static final JsonMapper PLAIN = JsonMapper.builder().build();

  /** As Meta does: what is not ASCII becomes an escape, and the escape is what is signed. */
  private static final JsonMapper ESCAPED =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  static ObjectNode object() {
    return PLAIN.createObjectNode();
  }

  static byte[] plain(JsonNode tree) {
    return write(PLAIN, tree);
  }

  static byte[] escaped(JsonNode tree) {
    return write(ESCAPED, tree);
  }

  private static byte[] write(JsonMapper mapper, JsonNode tree) {
    try {
      return mapper.writeValueAsBytes(tree);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree in memory could not be written", impossible);
    }
  }
}
