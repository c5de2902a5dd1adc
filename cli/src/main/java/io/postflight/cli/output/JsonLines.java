package io.postflight.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** Prints JSON, one value per line. */
public final class JsonLines {
  private final ObjectMapper mapper = new ObjectMapper();
  private final PrintStream out;

  /** Prints to a stream. */
  public JsonLines(PrintStream out) {
    this.out = out;
  }

  /** Prints an object that is filled by the caller. */
  public void print(Consumer<ObjectNode> filler) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    filler.accept(object);
    print(object);
  }

  /** Prints a value. */
  public void print(JsonNode value) {
    printValue(value);
  }

  /** Prints a record. */
  public void printValue(Object value) {
    try {
      out.println(mapper.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
