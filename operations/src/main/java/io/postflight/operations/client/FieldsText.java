package io.postflight.operations.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.text.EscapedText;
import java.io.PrintStream;
import java.util.stream.Collectors;

/** The fields of a response, one per line below a name. */
public final class FieldsText {
  private FieldsText() {}

  /** Prints the fields of an object, except the first (its id), nested objects and empty ones. */
  public static void print(JsonNode object, PrintStream out) {
    for (var field : object.properties().stream().skip(1).toList()) {
      JsonNode value = field.getValue();
      String text = value.isBoolean() ? value.asBoolean() ? "yes" : "" : value.asText("");
      if (value.isArray()) {
        text = value.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
      }
      if (!text.isEmpty()) {
        print(field.getKey(), text, out);
      }
    }
  }

  /** Prints one field. */
  public static void print(String name, String value, PrintStream out) {
    out.printf("  %-22s %s%n", name, EscapedText.of(value));
  }
}
