package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Postflight's own JSON format: one event or an array of events, in the form in which events are
 * printed.
 *
 * <p>An entry without {@code messageId} whose status is not that of a message is an action; it
 * requires {@code userId} and {@code type}. A message's status may also be given by its type,
 * {@code message.read}. The caller's {@code eventId} identifies duplicates of events without a
 * time. {@code tenant}, {@code receivedAt} and {@code eventTimeSource} are set by Postflight and
 * ignored; {@code provider} becomes the attribute {@code sourceProvider}. Attributes beyond the
 * limits are rejected instead of being truncated, since the caller can correct them.
 */
final class EventsAdapter implements ProviderAdapter {
  private static final String MESSAGE_TYPE = "message.";
  private static final int MAX_CHANNEL_CHARS = 32;

  private final JsonBodies json;

  EventsAdapter(JsonBodies json) {
    this.json = json;
  }

  @Override
  public String provider() {
    return "events";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    json.read(payload, this::event, entries);
  }

  private EventDraft event(JsonParser parser, FlatObject.Budget budget) throws IOException {
    EventDraft draft = new EventDraft();
    FlatObject fields =
        FlatObject.read(
            parser,
            budget,
            (path, token) -> {
              if (!path.equals("attributes") || token != JsonToken.START_OBJECT) {
                return false;
              }
              attributes(parser, draft);
              return true;
            });
    fill(draft, fields);
    return draft;
  }

  private void attributes(JsonParser parser, EventDraft draft) throws IOException {
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      String value = token.isScalarValue() ? parser.getText() : json.verbatim(parser);
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      if (name.length() > EventDraft.MAX_ATTRIBUTE_NAME
          || value.length() > EventDraft.MAX_ATTRIBUTE_VALUE
          || (draft.attributes().size() == EventDraft.MAX_ATTRIBUTES
              && !draft.attributes().containsKey(name))) {
        draft.reject(
            RejectionReason.TOO_LARGE,
            "attributes: at most "
                + EventDraft.MAX_ATTRIBUTES
                + ", names of at most "
                + EventDraft.MAX_ATTRIBUTE_NAME
                + " and values of at most "
                + EventDraft.MAX_ATTRIBUTE_VALUE
                + " characters");
      } else {
        draft.attribute(name, value);
      }
    }
  }

  private static void fill(EventDraft draft, FlatObject fields) {
    draft
        .messageId(fields.get("messageId"))
        .userId(fields.get("userId"))
        .ownEventId(fields.get("eventId"))
        .error(error(fields))
        .price(price(draft, fields))
        .sender(fields.get("sender"))
        .recipient(fields.get("recipient"))
        .body(fields.get("body"));
    if (!draft.attributes().containsKey("sourceProvider")) {
      draft.attribute("sourceProvider", fields.get("provider"));
    }
    String time = fields.get("eventTime");
    draft.time(Timestamps.of(time));
    if (time != null && draft.time() == null) {
      malformed(draft, "eventTime is neither RFC 3339 nor epoch milliseconds");
    }
    status(draft, fields);
    channel(draft, fields.get("channel"));
    direction(draft, fields.get("direction"));
  }

  private static void status(EventDraft draft, FlatObject fields) {
    String type = fields.get("type");
    String name = fields.get("status");
    if (name == null && type != null && type.startsWith(MESSAGE_TYPE)) {
      name = type.substring(MESSAGE_TYPE.length());
    }
    Status status = name == null ? null : named(name);
    if (status == Status.ACTION || (name == null && draft.messageId() == null)) {
      action(draft, type);
      return;
    }
    String providerStatus = fields.get("providerStatus");
    // The detail of a rejection must contain the unknown status itself.
    draft.status(status, status == null || providerStatus == null ? name : providerStatus);
  }

  private static void action(EventDraft draft, @Nullable String type) {
    draft.status(Status.ACTION).type(type);
    if (draft.messageId() != null) {
      malformed(draft, "an action must not have a messageId");
    }
    if (type != null && type.startsWith(MESSAGE_TYPE)) {
      malformed(draft, "the type of an action must not start with '" + MESSAGE_TYPE + "'");
    }
  }

  private static @Nullable Status named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (Status status : Status.values()) {
      if (status.name().equals(upper)) {
        return status;
      }
    }
    return null;
  }

  private static void channel(EventDraft draft, @Nullable String channel) {
    if (channel == null) {
      return;
    }
    if (channel.length() > MAX_CHANNEL_CHARS || !isWord(channel)) {
      malformed(
          draft, "channel must have at most " + MAX_CHANNEL_CHARS + " letters, digits, _ or -");
    }
    draft.channel(channel.toUpperCase(Locale.ROOT));
  }

  private static boolean isWord(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || !(Character.isLetterOrDigit(c) || c == '_' || c == '-')) {
        return false;
      }
    }
    return true;
  }

  private static void direction(EventDraft draft, @Nullable String direction) {
    boolean inbound = draft.status() == Status.RECEIVED || draft.status() == Status.ACTION;
    Direction defaultDirection = inbound ? Direction.INBOUND : Direction.OUTBOUND;
    if (direction == null) {
      draft.direction(defaultDirection);
      return;
    }
    switch (direction.toUpperCase(Locale.ROOT)) {
      case "INBOUND" -> draft.direction(Direction.INBOUND);
      case "OUTBOUND" -> draft.direction(Direction.OUTBOUND);
      default -> malformed(draft, "direction is neither INBOUND nor OUTBOUND");
    }
  }

  private static @Nullable EventError error(FlatObject fields) {
    return fields.has("error")
        ? new EventError(
            fields.get("error.code"), fields.get("error.title"), fields.get("error.detail"))
        : null;
  }

  private static @Nullable Price price(EventDraft draft, FlatObject fields) {
    if (!fields.has("price")) {
      return null;
    }
    String amount = fields.get("price.amount");
    if (amount != null && !Decimals.isPlain(amount)) {
      malformed(draft, "price.amount is not a plain decimal number");
    }
    String currency = fields.get("price.currency");
    Map<String, Boolean> truth = Map.of("true", true, "false", false);
    return new Price(
        amount,
        currency == null ? null : currency.toUpperCase(Locale.ROOT),
        fields.get("price.category"),
        truth.get(Objects.requireNonNullElse(fields.get("price.billable"), "")));
  }

  private static void malformed(EventDraft draft, String detail) {
    draft.reject(RejectionReason.MALFORMED_BODY, detail);
  }
}
