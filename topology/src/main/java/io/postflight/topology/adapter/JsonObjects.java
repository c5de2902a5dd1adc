package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;

/**
 * Bodies that are an object or an array of objects, each of them read as {@link WantedFields}.
 *
 * @param json the parsers
 * @param wanted fields of an object
 */
record JsonObjects(JsonBodies json, WantedFields wanted) {
  /** Adds the entries of one object. */
  @FunctionalInterface
  interface ObjectReader {
    void read(FieldValues object, Entries entries) throws IOException;
  }

  /** Reads a body, in its order. */
  void read(Payload payload, ObjectReader reader, Entries entries) throws IOException {
    try (JsonParser parser = json.open(payload)) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        reader.read(wanted.read(parser), entries);
      } else if (token == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          element(parser, reader, entries);
        }
      } else {
        throw new MalformedBodyException("the body is neither an object nor an array of objects");
      }
      JsonBodies.end(parser);
    }
  }

  private void element(JsonParser parser, ObjectReader reader, Entries entries) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      reader.read(wanted.read(parser), entries);
    } else {
      parser.skipChildren();
      entries.add(notAnObject("the array"));
    }
  }

  /** The rejection of an element of an array. */
  static EventDraft notAnObject(String array) {
    return EventDraft.rejected(
        RejectionReason.MALFORMED_BODY, "an element of " + array + " is not an object");
  }
}
