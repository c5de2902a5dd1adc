package io.postflight.schema.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.avro.generic.GenericData;

/**
 * Schemas in the form in which they are registered: without properties for Java's code generator.
 * {@code avro.java.string} would give a schema two identities, one for Java and one for others.
 * Documentation, defaults and aliases are part of a schema's identity, as with Confluent.
 */
final class WireSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WireSchema() {}

  /** The schema as it is registered. */
  static Schema of(Schema schema) {
    try {
      JsonNode tree = JSON.readTree(schema.toString());
      strip(tree);
      return parse(tree.toString());
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Avro generated a schema that is not valid JSON", impossible);
    }
  }

  /**
   * Parses a registered schema, without validating names and defaults.
   *
   * @throws SchemaParseException if it is not an Avro schema
   */
  static Schema parse(String json) {
    return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(json);
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(GenericData.STRING_PROP);
    }
    node.forEach(WireSchema::strip);
  }
}
