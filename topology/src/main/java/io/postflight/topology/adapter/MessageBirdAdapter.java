package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;

/**
 * MessageBird: status reports and inbound messages of the SMS API as query strings or forms, and
 * {@code message.created} and {@code message.updated} of the Conversations API as JSON.
 */
final class MessageBirdAdapter implements ProviderAdapter {
  private static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("scheduled", Status.ACCEPTED),
              Map.entry("accepted", Status.ACCEPTED),
              Map.entry("pending", Status.QUEUED),
              Map.entry("delayed", Status.SENDING),
              Map.entry("sent", Status.SENT),
              Map.entry("buffered", Status.SENT),
              Map.entry("transmitted", Status.SENT),
              Map.entry("dispatched", Status.SENT),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("read", Status.READ),
              Map.entry("opened", Status.READ),
              Map.entry("clicked", Status.READ),
              Map.entry("failed", Status.FAILED),
              Map.entry("rejected", Status.FAILED),
              Map.entry("delivery_failed", Status.FAILED),
              Map.entry("bounce", Status.FAILED),
              Map.entry("expired", Status.EXPIRED),
              Map.entry("received", Status.RECEIVED),
              Map.entry("deleted", Status.ANNOTATION),
              Map.entry("unknown", Status.ANNOTATION),
              Map.entry("spam_complaint", Status.ANNOTATION),
              Map.entry("list_unsubscribe", Status.ANNOTATION)));

  private static final WantedFields WANTED =
      WantedFields.of(
          "type",
          "message",
          "message.id",
          "message.conversationId",
          "message.platform",
          "message.to",
          "message.from",
          "message.type",
          "message.direction",
          "message.status",
          "message.content.text",
          "message.content.image.url",
          "message.content.video.url",
          "message.content.audio.url",
          "message.content.file.url",
          "message.createdDatetime",
          "message.updatedDatetime",
          "message.error.code",
          "message.error.description",
          "contact.msisdn",
          "contact.id",
          "contact.displayName",
          "error.code",
          "error.description");

  private final JsonObjects objects;

  MessageBirdAdapter(JsonBodies json) {
    this.objects = new JsonObjects(json, WANTED);
  }

  @Override
  public String provider() {
    return "messagebird";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    if (payload.json()) {
      objects.read(payload, (body, into) -> into.add(conversation(body)), entries);
    } else {
      Fields form = Fields.of(FormBody.read(payload));
      if (form.first("status", "originator", "recipient") == null) {
        throw new MalformedBodyException("the body is not a form of MessageBird");
      }
      entries.add(form.get("originator") != null ? smsInbound(form) : smsReport(form));
    }
  }

  private static EventDraft smsReport(Fields form) {
    EventDraft draft = new EventDraft();
    String word = form.get("status");
    String recipient = form.get("recipient");
    Status status = STATUSES.of(word);
    draft
        .messageId(form.get("id"))
        .status(status, word)
        .time(form.time(draft, "statusDatetime"))
        .channel("SMS")
        .userId(recipient)
        .recipient(recipient)
        .price(Prices.of(form.get("price[amount]"), form.get("price[currency]")))
        .attribute("clientRef", form.get("reference"))
        .attribute("networkCode", form.get("mccmnc"));
    String code = form.get("statusErrorCode");
    if (code != null && !code.equals("0")) {
      draft.error(Errors.of(code, form.get("statusReason")));
    }
    return draft;
  }

  private static EventDraft smsInbound(Fields form) {
    EventDraft draft = new EventDraft();
    String from = form.get("originator");
    return draft
        .messageId(form.first("id", "message_id", "mid"))
        .status(Status.RECEIVED)
        .direction(Direction.INBOUND)
        .time(form.time(draft, "createdDatetime"))
        .channel("SMS")
        .userId(from)
        .sender(from)
        .recipient(form.get("recipient"))
        .body(form.first("body", "message"))
        .attribute("messageType", "text")
        .attribute("clientRef", form.get("reference"));
  }

  private static EventDraft conversation(FieldValues body) {
    String type = body.get("type");
    if (type == null || !type.startsWith("message.") || !body.isStructure("message")) {
      return type == null
          ? EventDraft.rejected(RejectionReason.MALFORMED_BODY, "the body has no 'type'")
          : EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "the event does not concern a message");
    }
    EventDraft draft = new EventDraft();
    String word = body.text(draft, "message.status");
    boolean inbound = "received".equals(body.get("message.direction"));
    String from = body.id(draft, "message.from");
    String to = body.id(draft, "message.to");
    String contact = body.id(draft, "contact.msisdn", "contact.id");
    draft
        .messageId(body.id(draft, "message.id"))
        .status(STATUSES.of(word), word)
        .time(body.time(draft, "message.updatedDatetime", "message.createdDatetime"))
        .channel(Channels.of(body.get("message.platform"), "OTHER"))
        .direction(inbound ? Direction.INBOUND : Direction.OUTBOUND)
        .sender(from)
        .recipient(to)
        .attribute("conversationId", body.get("message.conversationId"));
    String code = body.first("message.error.code", "error.code");
    if (code != null && !code.equals("0")) {
      draft.error(Errors.of(code, body.first("message.error.description", "error.description")));
    }
    if (!inbound) {
      return draft.userId(to == null ? contact : to);
    }
    return draft
        .userId(from == null ? contact : from)
        .body(body.get("message.content.text"))
        .attribute("messageType", MessageTypes.of(body.get("message.type")))
        .attribute("profileName", body.get("contact.displayName"))
        .attribute(
            "mediaUrl",
            body.first(
                "message.content.image.url",
                "message.content.video.url",
                "message.content.audio.url",
                "message.content.file.url"));
  }
}
