package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.Price;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The on-premises WhatsApp client and Turn.io: the arrays {@code statuses}, {@code messages} and
 * {@code contacts} of the Cloud API, without the envelope around them. Turn.io may have the
 * recipient of a status within {@code message}.
 */
final class WhatsAppOnPremAdapter implements ProviderAdapter {
  private static final WantedFields STATUS =
      WantedFields.of(
          "id",
          "status",
          "timestamp",
          "recipient_id",
          "message.recipient_id",
          "conversation.id",
          "pricing.billable",
          "pricing.category",
          "pricing.pricing_model",
          "errors.0.code",
          "errors.0.title",
          "errors.0.message",
          "errors.0.details",
          "errors.0.error_data.details",
          // One error instead of a list
          "errors.code",
          "errors.title",
          "errors.message",
          "errors.details",
          "errors.error_data.details");

  private static final String[] ERROR_DETAILS = {
    "errors.0.error_data.details", "errors.0.details", "errors.error_data.details", "errors.details"
  };

  private final JsonBodies json;
  private final WhatsAppMessages messages;

  WhatsAppOnPremAdapter(JsonBodies json) {
    this.json = json;
    this.messages = new WhatsAppMessages(json);
  }

  @Override
  public String provider() {
    return "whatsapp-onprem";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    WhatsAppValue value = new WhatsAppValue();
    try (JsonParser parser = json.open(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedBodyException("the body is not an object");
      }
      if (!body(parser, value)) {
        throw new MalformedBodyException(
            "the body has neither 'statuses' nor 'messages'; one with 'entry' is of the Cloud API,"
                + " provider whatsapp");
      }
      JsonBodies.end(parser);
    }
    if (value.isEmpty()) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "the body does not concern a message"));
    }
    value.addTo(entries);
  }

  /** Whether the body has a field of this format. */
  private boolean body(JsonParser parser, WhatsAppValue value) throws IOException {
    FlatObject.Budget budget = new FlatObject.Budget();
    boolean known = false;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      switch (name) {
        case "contacts" -> value.contacts(parser, budget);
        case "statuses" -> list(parser, name, token, value, () -> status(parser));
        case "messages" -> list(parser, name, token, value, () -> messages.read(parser, budget));
        default -> parser.skipChildren();
      }
      known |=
          switch (name) {
            case "contacts", "statuses", "messages", "errors", "_vnd" -> true;
            default -> false;
          };
    }
    return known;
  }

  @FunctionalInterface
  private interface ElementReader {
    EventDraft read() throws IOException;
  }

  private static void list(
      JsonParser parser, String name, JsonToken list, WhatsAppValue value, ElementReader reader)
      throws IOException {
    if (list != JsonToken.START_ARRAY) {
      parser.skipChildren();
      if (list != JsonToken.VALUE_NULL) {
        value.add(
            EventDraft.rejected(RejectionReason.MALFORMED_BODY, "'" + name + "' is not an array"));
      }
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        value.add(reader.read());
      } else {
        parser.skipChildren();
        value.add(JsonObjects.notAnObject("'" + name + "'"));
      }
    }
  }

  private static EventDraft status(JsonParser parser) throws IOException {
    FieldValues status = STATUS.read(parser);
    EventDraft draft = new EventDraft();
    String word = status.text(draft, "status");
    String recipient = status.id(draft, "recipient_id", "message.recipient_id");
    draft
        .messageId(status.id(draft, "id"))
        .status(WhatsAppStatuses.STATUSES.of(word), word)
        .time(status.time(draft, "timestamp"))
        .recipient(recipient)
        .userId(recipient)
        .price(price(status))
        .attribute("conversationId", status.get("conversation.id"))
        .attribute("pricingModel", status.get("pricing.pricing_model"));
    String code = status.first("errors.0.code", "errors.code");
    String title = status.first("errors.0.title", "errors.title");
    String message = status.first("errors.0.message", "errors.message");
    if (code != null || title != null || message != null) {
      draft.error(Errors.of(code, title, message, status.first(ERROR_DETAILS)));
    }
    return draft;
  }

  private static @Nullable Price price(FieldValues status) {
    String billable = status.get("pricing.billable");
    String category = status.get("pricing.category");
    return billable == null && category == null
        ? null
        : new Price(null, null, category, Booleans.of(billable));
  }
}
