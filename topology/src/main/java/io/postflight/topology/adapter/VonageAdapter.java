package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;

/**
 * Vonage: statuses and inbound messages of the Messages API (JSON), and delivery receipts and
 * inbound messages of the SMS API (a form, a query string or JSON with the same names).
 */
final class VonageAdapter implements ProviderAdapter {
  private static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("submitted", Status.SENT),
              Map.entry("accepted", Status.SENT),
              Map.entry("buffered", Status.SENT),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("read", Status.READ),
              Map.entry("rejected", Status.FAILED),
              Map.entry("undeliverable", Status.FAILED),
              Map.entry("failed", Status.FAILED),
              Map.entry("deleted", Status.FAILED),
              Map.entry("expired", Status.EXPIRED),
              Map.entry("unknown", Status.ANNOTATION)));

  private static final WantedFields WANTED =
      WantedFields.of(
          // Messages API
          "message_uuid",
          "to",
          "from",
          "timestamp",
          "status",
          "channel",
          "client_ref",
          "message_type",
          "text",
          "error.type",
          "error.title",
          "error.detail",
          "usage.price",
          "usage.currency",
          "profile.name",
          "profile.username",
          "whatsapp.recipient.wa_id",
          "whatsapp.recipient.user_id",
          "whatsapp.conversation.id",
          "context.message_uuid",
          "image.url",
          "image.caption",
          "video.url",
          "video.caption",
          "audio.url",
          "file.url",
          "file.caption",
          "file.name",
          "reply.id",
          "reply.title",
          "button.payload",
          "button.text",
          // SMS API
          "messageId",
          "msisdn",
          "message-timestamp",
          "err-code",
          "price",
          "network-code",
          "client-ref",
          "keyword",
          "type");

  private static final String[] MEDIA = {"image", "video", "audio", "file"};

  private final JsonObjects objects;

  VonageAdapter(JsonBodies json) {
    this.objects = new JsonObjects(json, WANTED);
  }

  @Override
  public String provider() {
    return "vonage";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    if (payload.json()) {
      objects.read(
          payload,
          (object, into) -> into.add(object.has("messageId") ? sms(object) : message(object)),
          entries);
    } else {
      Fields form = Fields.of(FormBody.read(payload));
      if (form.get("msisdn") == null
          && form.get("messageId") == null
          && form.get("status") == null) {
        throw new MalformedBodyException("the body is not a form of Vonage's SMS API");
      }
      entries.add(sms(form));
    }
  }

  private static EventDraft message(FieldValues message) {
    EventDraft draft = new EventDraft();
    String word = message.text(draft, "status");
    boolean inbound = word == null && message.get("message_type") != null;
    if (word == null && !inbound && message.get("message_uuid") == null) {
      return EventDraft.rejected(
          RejectionReason.UNSUPPORTED_EVENT, "the event does not concern a message");
    }
    String from = message.id(draft, "from");
    String to = message.id(draft, "to", "whatsapp.recipient.wa_id");
    String other = message.id(draft, "whatsapp.recipient.user_id");
    draft
        .messageId(message.id(draft, "message_uuid"))
        .time(message.time(draft, "timestamp"))
        .channel(Channels.of(message.get("channel"), "OTHER"))
        .sender(from)
        .recipient(to)
        .attribute("clientRef", message.get("client_ref"))
        .attribute("username", message.get("profile.username"))
        .attribute("conversationId", message.get("whatsapp.conversation.id"));
    if (inbound) {
      return received(message, draft.userId(from));
    }
    String title = message.text(draft, "error.title");
    if (title != null || message.get("error.type") != null) {
      draft.error(Errors.of(title, null, null, message.get("error.detail")));
    }
    return draft
        .status(STATUSES.of(word), word)
        .userId(to == null ? other : to)
        .alias(other)
        .price(Prices.of(message.get("usage.price"), message.get("usage.currency")));
  }

  private static EventDraft received(FieldValues message, EventDraft draft) {
    String type = message.get("message_type");
    draft
        .status(Status.RECEIVED)
        .direction(Direction.INBOUND)
        .body(message.first("text", "reply.title", "button.text"))
        .attribute("messageType", MessageTypes.of(type))
        .attribute("payload", message.first("reply.id", "button.payload"))
        .attribute("profileName", message.get("profile.name"))
        .attribute("replyTo", message.get("context.message_uuid"))
        .attribute("fileName", message.get("file.name"));
    for (String medium : MEDIA) {
      draft.attribute("mediaUrl", message.get(medium + ".url"));
      if (medium.equals(type) && !medium.equals("audio")) {
        draft.body(message.get(medium + ".caption"));
      }
    }
    return draft;
  }

  /** Of the SMS API: {@code msisdn} is the user's number in both directions. */
  private static EventDraft sms(Fields sms) {
    EventDraft draft = new EventDraft();
    String user = sms.id(draft, "msisdn");
    String own = sms.id(draft, "to");
    String word = sms.text(draft, "status");
    draft
        .messageId(sms.id(draft, "messageId"))
        .time(sms.time(draft, "message-timestamp"))
        .channel("SMS")
        .userId(user)
        .price(Prices.of(sms.get("price"), null))
        .attribute("clientRef", sms.get("client-ref"))
        .attribute("networkCode", sms.get("network-code"));
    if (word == null && (sms.get("type") != null || sms.get("text") != null)) {
      return draft
          .status(Status.RECEIVED)
          .direction(Direction.INBOUND)
          .sender(user)
          .recipient(own)
          .body(sms.get("text"))
          .attribute("messageType", "text")
          .attribute("keyword", sms.get("keyword"));
    }
    String code = sms.text(draft, "err-code");
    if (code != null && !code.equals("0")) {
      draft.error(Errors.of(code, null));
    }
    return draft.status(STATUSES.of(word), word).sender(own).recipient(user);
  }
}
