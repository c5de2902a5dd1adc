package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.text.AsciiCase;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Servers that act as a WhatsApp client: WASenderApi, and those based on Baileys (Evolution and
 * others). One envelope, {@code {event, timestamp, data}}, with several forms of data: one object,
 * an array, or an object with {@code messages}.
 */
final class WasenderAdapter implements ProviderAdapter {
  private final JsonBodies json;
  private final WasenderEntries reader = new WasenderEntries();

  WasenderAdapter(JsonBodies json) {
    this.json = json;
  }

  @Override
  public String provider() {
    return "wasender";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    Envelope envelope = new Envelope();
    try (JsonParser parser = json.open(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedBodyException("the body is not an object");
      }
      envelope(parser, envelope);
      JsonBodies.end(parser);
    }
    if (envelope.event == null) {
      throw new MalformedBodyException("the body has no 'event'");
    }
    String event = AsciiCase.lower(envelope.event).replace('_', '.');
    if (envelope.data.isEmpty()) {
      entries.add(EventDraft.rejected(RejectionReason.UNSUPPORTED_EVENT, "the event has no data"));
    }
    WasenderEntries.Envelope fields =
        new WasenderEntries.Envelope(
            event,
            envelope.timestamp,
            envelope.dateTime,
            envelope.instance ? envelope.sender : null);
    for (Entry entry : envelope.data) {
      if (WasenderEntries.isDeletion(event) && !entry.keys.isEmpty()) {
        for (FlatObject key : entry.keys) {
          read(fields, key, entries);
        }
      } else {
        read(fields, entry.data, entries);
      }
    }
  }

  private void read(WasenderEntries.Envelope envelope, @Nullable FlatObject data, Entries entries)
      throws IOException {
    if (data == null) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.MALFORMED_BODY, "an element of 'data' is not an object"));
    } else {
      reader.read(envelope, data, entries);
    }
  }

  /**
   * An element of the data.
   *
   * @param data null if it is not an object
   * @param keys of messages that were deleted; null: one that is not an object
   */
  private record Entry(@Nullable FlatObject data, List<@Nullable FlatObject> keys) {}

  /** The envelope, whose fields may be in any order. */
  private static final class Envelope {
    private final List<Entry> data = new ArrayList<>();
    private final FlatObject.Budget budget = new FlatObject.Budget();
    private @Nullable String event;
    private @Nullable String timestamp;
    private @Nullable String dateTime;

    /** Evolution names an instance, whose own address is then the sender. */
    private boolean instance;

    private @Nullable String sender;
  }

  private static void envelope(JsonParser parser, Envelope envelope) throws IOException {
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      boolean scalar = token.isScalarValue() && token != JsonToken.VALUE_NULL;
      if (name.equals("data")) {
        data(parser, envelope);
      } else if (name.equals("event") && scalar) {
        envelope.event = parser.getText();
      } else if (name.equals("instance")) {
        envelope.instance = scalar;
        parser.skipChildren();
      } else if (name.equals("sender") && token == JsonToken.VALUE_STRING) {
        envelope.sender = parser.getText();
      } else if (name.equals("timestamp")) {
        envelope.timestamp = time(parser);
      } else if (name.equals("date_time")) {
        envelope.dateTime = time(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** An object or array is kept as its first character, so that it is rejected as a time. */
  private static @Nullable String time(JsonParser parser) throws IOException {
    String text = parser.currentToken() == JsonToken.VALUE_NULL ? null : JsonBodies.scalar(parser);
    parser.skipChildren();
    return text;
  }

  private static void data(JsonParser parser, Envelope envelope) throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        element(parser, envelope);
      }
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      object(parser, envelope);
    }
  }

  private static void element(JsonParser parser, Envelope envelope) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      List<@Nullable FlatObject> keys = new ArrayList<>();
      FlatObject data =
          FlatObject.read(
              parser,
              envelope.budget,
              (path, token) -> keys(path, token, parser, envelope.budget, keys));
      envelope.data.add(new Entry(data, keys));
    } else {
      parser.skipChildren();
      envelope.data.add(new Entry(null, List.of()));
    }
  }

  private static boolean keys(
      String path,
      JsonToken token,
      JsonParser parser,
      FlatObject.Budget budget,
      List<@Nullable FlatObject> keys)
      throws IOException {
    if (!path.equals("keys") || token != JsonToken.START_ARRAY) {
      return false;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        keys.add(FlatObject.read(parser, budget));
      } else {
        parser.skipChildren();
        keys.add(null);
      }
    }
    return true;
  }

  /** Data that is an object: the content of its {@code messages}, or the object itself. */
  private static void object(JsonParser parser, Envelope envelope) throws IOException {
    boolean[] found = new boolean[1];
    List<@Nullable FlatObject> keys = new ArrayList<>();
    FlatObject rest =
        FlatObject.read(
            parser,
            envelope.budget,
            (path, token) -> {
              if (!path.equals("messages")) {
                return keys(path, token, parser, envelope.budget, keys);
              }
              found[0] = true;
              messages(parser, envelope);
              return true;
            });
    if (!found[0]) {
      envelope.data.add(new Entry(rest, keys));
    }
  }

  private static void messages(JsonParser parser, Envelope envelope) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      element(parser, envelope);
    } else {
      data(parser, envelope);
    }
  }
}
