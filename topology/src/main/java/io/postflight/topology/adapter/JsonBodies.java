package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Parses bodies as JSON, within limits, and reads values that all adapters need.
 *
 * <p>The maximum length of a string is that of the body, so that an entry with a very long text is
 * rejected alone. Of a field that an object has twice, adapters of providers take the last value,
 * as most parsers do: the provider would not correct it. Field names are cached in the factory's
 * symbol table, shared by all bodies.
 */
final class JsonBodies {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_NUMBER_CHARS = 100;
  private static final int MAX_STRING_CHARS = 4 * 1024 * 1024;

  /** Above this a double is rounded, and its digits may be those of another number. */
  private static final BigDecimal MAX_EXACT = BigDecimal.valueOf(1L << 53);

  private final JsonFactory factory =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxStringLength(MAX_STRING_CHARS)
                  .build())
          .build();

  JsonParser open(Payload payload) throws IOException {
    if (payload.query()) {
      throw new MalformedBodyException("the body is a query string; JSON is expected");
    }
    byte[] bytes = payload.bytes();
    return factory.createParser(bytes, payload.offset(), bytes.length - payload.offset());
  }

  /** A parser of the bytes between two positions. */
  JsonParser open(byte[] bytes, int from, int to) throws IOException {
    return factory.createParser(bytes, from, to - from);
  }

  /** Reads the parser's current object, up to its end, as one entry. */
  @FunctionalInterface
  interface EntryReader {
    EventDraft read(JsonParser parser, FlatObject.Budget budget) throws IOException;
  }

  /** Reads a body that is one object or an array of objects, each of them an entry. */
  void read(Payload payload, EntryReader reader, Entries entries) throws IOException {
    FlatObject.Budget budget = new FlatObject.Budget();
    try (JsonParser parser = open(payload)) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        entries.add(reader.read(parser, budget));
      } else if (token == JsonToken.START_ARRAY) {
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
          if (token == JsonToken.START_OBJECT) {
            entries.add(reader.read(parser, budget));
          } else {
            parser.skipChildren();
            entries.add(
                EventDraft.rejected(
                    RejectionReason.MALFORMED_BODY, "an element of the array is not an object"));
          }
        }
      } else {
        throw new MalformedBodyException("the body is neither an object nor an array of objects");
      }
      end(parser);
    }
  }

  /** Checks that nothing follows the value. */
  static void end(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new MalformedBodyException("there is data after the end of the JSON");
    }
  }

  /**
   * The current scalar as text; null for null. An object or array is skipped, and the entry is
   * rejected.
   */
  static @Nullable String text(JsonParser parser, EventDraft draft, String name)
      throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token.isScalarValue()) {
      return scalar(parser);
    }
    parser.skipChildren();
    draft.reject(RejectionReason.MALFORMED_BODY, "'" + name + "' is neither a string nor a number");
    return null;
  }

  /**
   * The current scalar as text. A whole number that is written with an exponent or a fraction, as
   * by a library that knows doubles only (1.79E9, 3.0), has its digits; other numbers, and those
   * that a double cannot represent exactly, are unchanged.
   */
  static String scalar(JsonParser parser) throws IOException {
    String text = parser.getText();
    String whole = parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT ? wholeNumber(text) : null;
    return whole == null ? text : whole;
  }

  /** The digits of a whole number; null if it is none, is inexact, or is a negative zero. */
  private static @Nullable String wholeNumber(String text) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException outOfRange) {
      return null;
    }
    if (number.signum() == 0) {
      return text.startsWith("-") ? null : "0";
    }
    boolean exact =
        number.precision() - (long) number.scale() <= MAX_EXACT.precision()
            && number.abs().compareTo(MAX_EXACT) <= 0
            && number.stripTrailingZeros().scale() <= 0;
    return exact ? number.toBigInteger().toString() : null;
  }

  /**
   * The current id as text; null for null. A number that is not whole, and a boolean, reject the
   * entry: as text they would be the id of something else.
   */
  static @Nullable String id(JsonParser parser, EventDraft draft, String name) throws IOException {
    if (isInvalidId(parser)) {
      rejectId(draft, "'" + name + "'");
    }
    return text(parser, draft, name);
  }

  /** Whether the current scalar is neither a text nor a whole number, or is a negative zero. */
  static boolean isInvalidId(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return (token == JsonToken.VALUE_NUMBER_FLOAT && wholeNumber(parser.getText()) == null)
        || token.isBoolean()
        || (token == JsonToken.VALUE_NUMBER_INT && parser.getText().equals("-0"));
  }

  /**
   * Rejects the entry for an id.
   *
   * @param what the field in quotes, or the element of a list
   */
  static void rejectId(EventDraft draft, String what) {
    draft.reject(RejectionReason.MALFORMED_BODY, what + " is neither a string nor a whole number");
  }

  /** The current value as compact JSON. */
  String verbatim(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(text)) {
      generator.copyCurrentStructure(parser);
    }
    return text.toString();
  }
}
