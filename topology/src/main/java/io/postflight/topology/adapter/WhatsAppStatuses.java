package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses an element of {@code statuses}: the status of an outbound message. The hot path. */
final class WhatsAppStatuses {
  /** The words of Meta, which the on-premises client uses too. */
  static final StatusNames STATUSES =
      new StatusNames(
          Map.of(
              "accepted", Status.ACCEPTED,
              "sent", Status.SENT,
              "delivered", Status.DELIVERED,
              "read", Status.READ,
              "played", Status.PLAYED,
              "failed", Status.FAILED,
              "deleted", Status.ANNOTATION,
              "warning", Status.ANNOTATION));

  private static final String CALL = "call";
  private static final String PAYMENT = "payment";

  /** Reads the parser's current object. */
  EventDraft read(JsonParser parser) throws IOException {
    Recipient recipient = new Recipient();
    EventDraft draft = new EventDraft();
    String statusName = null;
    String type = null;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      parser.nextToken();
      switch (name) {
        case "id" -> draft.messageId(JsonBodies.id(parser, draft, name));
        case "status" -> statusName = JsonBodies.text(parser, draft, name);
        case "timestamp" ->
            draft.time(Timestamps.of(draft, name, JsonBodies.text(parser, draft, name)));
        case "type" -> type = JsonBodies.text(parser, draft, name);
        case "recipient_id" -> recipient.id = JsonBodies.id(parser, draft, name);
        case "recipient_type" -> recipient.type = JsonBodies.text(parser, draft, name);
        case "recipient_user_id" -> recipient.userId = JsonBodies.id(parser, draft, name);
        case "recipient_participant_id" ->
            recipient.participant = JsonBodies.id(parser, draft, name);
        case "recipient_participant_user_id" ->
            recipient.participantUserId = JsonBodies.id(parser, draft, name);
        case "recipient_parent_user_id" ->
            recipient.parentUserId = JsonBodies.id(parser, draft, name);
        case "recipient_participant_parent_user_id" ->
            recipient.participantParentUserId = JsonBodies.id(parser, draft, name);
        case "biz_opaque_callback_data" ->
            draft.attribute("bizOpaqueCallbackData", JsonBodies.text(parser, draft, name));
        case "conversation" -> conversation(parser, draft);
        case "pricing" -> pricing(parser, draft);
        case "errors" -> draft.error(firstError(parser, draft));
        default -> parser.skipChildren();
      }
    }
    if (CALL.equals(type)) {
      return EventDraft.rejected(
          RejectionReason.UNSUPPORTED_EVENT, "the status of a call does not concern a message");
    }
    // The status of a payment is not that of the message.
    boolean payment = PAYMENT.equals(type) && statusName != null;
    draft.status(payment ? Status.ANNOTATION : STATUSES.of(statusName), statusName);
    recipient.applyTo(draft);
    return draft;
  }

  /** The recipient of the message, as far as the status contains it. */
  private static final class Recipient {
    private @Nullable String id;
    private @Nullable String type;
    private @Nullable String userId;
    private @Nullable String participant;
    private @Nullable String participantUserId;
    private @Nullable String parentUserId;
    private @Nullable String participantParentUserId;

    void applyTo(EventDraft draft) {
      draft.recipient(id);
      String member = present(participant) ? participant : participantUserId;
      if ("group".equals(type) || present(member)) {
        draft.participant(member).userId(member);
        draft.alias(participantUserId).alias(participantParentUserId);
        draft.attribute(WhatsAppValue.GROUP, present(id) ? id : "unknown");
      } else {
        draft.userId(present(id) ? id : userId).alias(userId).alias(parentUserId);
      }
    }

    private static boolean present(@Nullable String value) {
      return value != null && !value.isEmpty();
    }
  }

  private static void conversation(JsonParser parser, EventDraft draft) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      if (name.equals("id") && token.isScalarValue()) {
        draft.attribute("conversationId", JsonBodies.text(parser, draft, name));
      } else if (name.equals("origin") && token == JsonToken.START_OBJECT) {
        origin(parser, draft);
      } else {
        parser.skipChildren();
      }
    }
  }

  private static void origin(JsonParser parser, EventDraft draft) throws IOException {
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      if (name.equals("type") && token.isScalarValue()) {
        draft.attribute("conversationOrigin", JsonBodies.text(parser, draft, name));
      } else {
        parser.skipChildren();
      }
    }
  }

  private static void pricing(JsonParser parser, EventDraft draft) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    Boolean billable = null;
    String category = null;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      parser.nextToken();
      switch (name) {
        case "billable" -> billable = Booleans.of(textOrSkipped(parser));
        case "category" -> category = JsonBodies.text(parser, draft, name);
        case "pricing_model" ->
            draft.attribute("pricingModel", JsonBodies.text(parser, draft, name));
        case "type" -> draft.attribute("pricingType", JsonBodies.text(parser, draft, name));
        default -> parser.skipChildren();
      }
    }
    draft.price(new Price(null, null, category, billable));
  }

  /** The first of a list of errors, or the one that stands in its place. */
  private static @Nullable EventError firstError(JsonParser parser, EventDraft draft)
      throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return error(parser, draft);
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return null;
    }
    EventError first = null;
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (token == JsonToken.START_OBJECT && first == null) {
        first = error(parser, draft);
      } else {
        parser.skipChildren();
      }
    }
    return first;
  }

  private static EventError error(JsonParser parser, EventDraft draft) throws IOException {
    String code = null;
    String title = null;
    String message = null;
    String details = null;
    String flat = null;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      parser.nextToken();
      switch (name) {
        case "code" -> code = JsonBodies.text(parser, draft, name);
        case "title" -> title = JsonBodies.text(parser, draft, name);
        case "message" -> message = JsonBodies.text(parser, draft, name);
        case "details" -> flat = textOrSkipped(parser);
        case "error_data" -> details = details(parser, draft);
        default -> parser.skipChildren();
      }
    }
    return Errors.of(code, title, message, details != null ? details : flat);
  }

  private static @Nullable String details(JsonParser parser, EventDraft draft) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return textOrSkipped(parser);
    }
    String details = null;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      if (name.equals("details") && token.isScalarValue()) {
        details = JsonBodies.text(parser, draft, name);
      } else {
        parser.skipChildren();
      }
    }
    return details;
  }

  private static @Nullable String textOrSkipped(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    parser.skipChildren();
    return token.isScalarValue() && token != JsonToken.VALUE_NULL
        ? JsonBodies.scalar(parser)
        : null;
  }
}
