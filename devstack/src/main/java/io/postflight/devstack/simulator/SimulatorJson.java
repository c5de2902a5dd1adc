package io.postflight.devstack.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Serializes JSON trees that were built in memory. */
final class SimulatorJson {
  private static final JsonMapper PLAIN = JsonMapper.builder().build();

  /** Escapes non-ASCII characters as Meta does; the signature covers the escaped form. */
  private static final JsonMapper ESCAPED =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private SimulatorJson() {}

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
      throw new IllegalStateException("a JSON tree in memory could not be serialized", impossible);
    }
  }
}
