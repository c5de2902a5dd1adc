package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The WhatsApp Cloud API: {@code entry[].changes[].value} with {@code statuses}, {@code messages},
 * {@code errors} or {@code user_id_update}. All of them are read, in any order of fields; other
 * parts of a change are no message events.
 *
 * <p>Read by pulling tokens from the bytes, without a tree: a body may have a thousand statuses.
 */
final class WhatsAppAdapter implements ProviderAdapter {
  /**
   * The field whose changes are live messages and their statuses. Others have the same lists: calls
   * have statuses, and a history has messages that are long past.
   */
  private static final String MESSAGES = "messages";

  private final JsonBodies json;
  private final WhatsAppStatuses statuses = new WhatsAppStatuses();
  private final WhatsAppMessages messages;

  WhatsAppAdapter(JsonBodies json) {
    this.json = json;
    this.messages = new WhatsAppMessages(json);
  }

  @Override
  public String provider() {
    return "whatsapp";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    try (JsonParser parser = json.open(payload)) {
      WebhookReader reading = new WebhookReader(parser, entries, new FlatObject.Budget());
      if (parser.nextToken() != JsonToken.START_OBJECT || !body(reading)) {
        throw new MalformedBodyException("the body is not an object with an array 'entry'");
      }
      JsonBodies.end(parser);
    }
  }

  private record WebhookReader(JsonParser parser, Entries entries, FlatObject.Budget budget) {
    void unsupported(String detail) throws IOException {
      entries.add(EventDraft.rejected(RejectionReason.UNSUPPORTED_EVENT, detail));
    }
  }

  /** Whether the body has an array of entries. */
  private boolean body(WebhookReader reading) throws IOException {
    JsonParser parser = reading.parser();
    boolean found = false;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      if (name.equals("entry") && token == JsonToken.START_ARRAY) {
        found = true;
        entries(reading);
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private void entries(WebhookReader reading) throws IOException {
    if (elements(reading.parser(), "entry", () -> entry(reading), reading.entries()) == 0) {
      reading.unsupported("'entry' is empty");
    }
  }

  private void entry(WebhookReader reading) throws IOException {
    JsonParser parser = reading.parser();
    int changes = 0;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      if (name.equals("changes") && token == JsonToken.START_ARRAY) {
        changes += elements(parser, name, () -> change(reading), reading.entries());
      } else {
        parser.skipChildren();
      }
    }
    if (changes == 0) {
      reading.unsupported("the entry has no changes");
    }
  }

  private void change(WebhookReader reading) throws IOException {
    JsonParser parser = reading.parser();
    WhatsAppValue value = new WhatsAppValue();
    String field = null;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      if (name.equals("value") && token == JsonToken.START_OBJECT) {
        value(reading, value);
      } else if (name.equals("field") && token == JsonToken.VALUE_STRING) {
        field = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    boolean ids = WhatsAppIdUpdates.NAME.equals(field);
    value.takeIdUpdates(ids);
    if (value.isEmpty() || (field != null && !field.equals(MESSAGES) && !ids)) {
      reading.unsupported("the change of '" + printable(field) + "' does not concern a message");
      return;
    }
    value.addTo(reading.entries());
  }

  private void value(WebhookReader reading, WhatsAppValue value) throws IOException {
    JsonParser parser = reading.parser();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      switch (name) {
        case "metadata" -> value.metadata(parser);
        case "contacts" -> value.contacts(parser, reading.budget());
        case "statuses" -> list(parser, value, name, token, () -> value.add(statuses.read(parser)));
        case "messages" ->
            list(
                parser,
                value,
                name,
                token,
                () -> value.add(messages.read(parser, reading.budget())));
        case "errors" -> list(parser, value, name, token, () -> value.add(accountError(parser)));
        case WhatsAppIdUpdates.NAME -> idUpdates(reading, value, token);
        default -> {
          if (WhatsAppIdUpdates.FIELDS.contains(name)) {
            value.bareIdUpdate(name, parser, reading.budget());
          } else {
            parser.skipChildren();
          }
        }
      }
    }
  }

  /** Reads a list of updates of ids, or a single one. */
  private static void idUpdates(WebhookReader reading, WhatsAppValue value, JsonToken token)
      throws IOException {
    JsonParser parser = reading.parser();
    ElementReader reader =
        () -> value.addIdUpdate(WhatsAppIdUpdates.read(FlatObject.read(parser, reading.budget())));
    if (token == JsonToken.START_ARRAY) {
      elements(parser, WhatsAppIdUpdates.NAME, reader, value::addIdUpdate);
    } else if (token == JsonToken.START_OBJECT) {
      reader.read();
    } else if (token != JsonToken.VALUE_NULL) {
      value.addIdUpdate(
          EventDraft.rejected(
              RejectionReason.MALFORMED_BODY,
              "'" + WhatsAppIdUpdates.NAME + "' is neither an array nor an object"));
    }
  }

  @FunctionalInterface
  private interface ElementReader {
    void read() throws IOException;
  }

  private static void list(
      JsonParser parser, WhatsAppValue value, String name, JsonToken list, ElementReader reader)
      throws IOException {
    if (list == JsonToken.VALUE_NULL) {
      return;
    }
    if (list != JsonToken.START_ARRAY) {
      parser.skipChildren();
      value.add(
          EventDraft.rejected(RejectionReason.MALFORMED_BODY, "'" + name + "' is not an array"));
      return;
    }
    elements(parser, name, reader, value::add);
  }

  /**
   * Reads the elements of an array, and rejects those that are no objects; returns their number.
   */
  private static int elements(
      JsonParser parser, String name, ElementReader reader, Entries rejected) throws IOException {
    int count = 0;
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      count++;
      if (token == JsonToken.START_OBJECT) {
        reader.read();
      } else {
        parser.skipChildren();
        rejected.add(
            EventDraft.rejected(
                RejectionReason.MALFORMED_BODY, "an element of '" + name + "' is not an object"));
      }
    }
    return count;
  }

  private static EventDraft accountError(JsonParser parser) throws IOException {
    parser.skipChildren();
    return EventDraft.rejected(
        RejectionReason.UNSUPPORTED_EVENT, "the error concerns the account, not a message");
  }

  /** Meta's field names are short identifiers; anything else is not printed. */
  private static String printable(@Nullable String field) {
    if (field == null || field.isEmpty() || field.length() > 64) {
      return "unnamed field";
    }
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c != '_' && (c < 'a' || c > 'z')) {
        return "unnamed field";
      }
    }
    return field;
  }
}
