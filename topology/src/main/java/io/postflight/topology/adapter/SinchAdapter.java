package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.text.AsciiCase;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sinch: delivery reports and inbound messages of the Conversation API and of the SMS API.
 *
 * <p>The SMS API has ids of batches; a message is a batch and its recipient, {@code
 * 01FC66621VBQT119Z8PMV1QPQA/+44231235674}.
 */
final class SinchAdapter implements ProviderAdapter {
  private static final StatusNames CONVERSATION =
      new StatusNames(
          Map.of(
              "queued_on_channel", Status.SENT,
              "delivered", Status.DELIVERED,
              "read", Status.READ,
              "failed", Status.FAILED,
              "switching_channel", Status.ANNOTATION));

  private static final StatusNames SMS =
      new StatusNames(
          Map.of(
              "queued", Status.QUEUED,
              "dispatched", Status.SENT,
              "delivered", Status.DELIVERED,
              "aborted", Status.FAILED,
              "rejected", Status.FAILED,
              "deleted", Status.FAILED,
              "failed", Status.FAILED,
              "expired", Status.EXPIRED,
              "cancelled", Status.CANCELED,
              "unknown", Status.ANNOTATION));

  /** Of a batch, since each entry repeats what they share; Sinch sends to 1,000 at a time. */
  private static final int MAX_RECIPIENTS = 1000;

  private static final String REPORT = "message_delivery_report.";
  private static final String IDENTITY = "message.channel_identity.identity";
  private static final String TEXT = "message.contact_message.text_message.text";
  private static final String CHOICE = "message.contact_message.choice_response_message.";
  private static final String MEDIA = "message.contact_message.media_message.url";
  private static final String OUR_TEXT = "message.app_message.text_message.text";
  private static final String OUR_MEDIA = "message.app_message.media_message.url";
  private static final String TO_CONTACT = "to_contact";

  private static final WantedFields WANTED =
      WantedFields.of(
              "app_id",
              "project_id",
              "event_time",
              "accepted_time",
              "message_metadata",
              "message_delivery_report",
              REPORT + "message_id",
              REPORT + "conversation_id",
              REPORT + "status",
              REPORT + "channel_identity.channel",
              REPORT + "channel_identity.identity",
              REPORT + "contact_id",
              REPORT + "reason.code",
              REPORT + "reason.sub_code",
              REPORT + "reason.description",
              "message",
              "message.id",
              "message.direction",
              "message.conversation_id",
              "message.contact_id",
              "message.sender_id",
              "message.accept_time",
              "message.channel_identity.channel",
              IDENTITY,
              TEXT,
              MEDIA,
              OUR_TEXT,
              OUR_MEDIA,
              CHOICE + "message_id",
              CHOICE + "postback_data",
              "message.contact_message.reply_to.message_id",
              "message.contact_message.location_message.title",
              // SMS API
              "type",
              "batch_id",
              "recipient",
              "code",
              "status",
              "at",
              "operator_status_at",
              "operator",
              "client_reference",
              "id",
              "from",
              "to",
              "body",
              "received_at",
              "operator_id")
          .list(
              "statuses",
              WantedFields.of("code", "status")
                  .list("recipients", WantedFields.of(FieldValues.SCALAR)));

  private final JsonObjects objects;

  SinchAdapter(JsonBodies json) {
    this.objects = new JsonObjects(json, WANTED);
  }

  @Override
  public String provider() {
    return "sinch";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    objects.read(payload, SinchAdapter::body, entries);
  }

  private static void body(FieldValues body, Entries entries) throws IOException {
    String type = body.get("type");
    if (body.isStructure("message_delivery_report")) {
      entries.add(report(body));
    } else if (type != null && type.startsWith("recipient_delivery_report")) {
      EventDraft draft = new EventDraft();
      String recipient = body.id(draft, "recipient");
      draft.time(body.time(draft, "at", "operator_status_at"));
      entries.add(sms(draft, body, body, recipient));
    } else if (type != null && type.startsWith("delivery_report")) {
      batch(body, entries);
    } else if (type != null && type.startsWith("mo_")) {
      entries.add(smsInbound(body, type));
    } else if (body.isStructure("message")) {
      entries.add(isOurs(body) ? ours(body) : inbound(body));
    } else if (type != null || body.has("app_id") || body.has("project_id")) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "the callback does not concern a message"));
    } else {
      throw new MalformedBodyException("the body is not a callback of Sinch");
    }
  }

  private static EventDraft report(FieldValues body) {
    EventDraft draft = new EventDraft();
    String word = body.text(draft, REPORT + "status");
    String identity = body.id(draft, REPORT + "channel_identity.identity");
    Status status = CONVERSATION.of(word);
    draft
        .messageId(body.id(draft, REPORT + "message_id"))
        .status(status, word)
        .time(body.time(draft, "event_time", "accepted_time"))
        .channel(Channels.of(body.get(REPORT + "channel_identity.channel"), "OTHER"))
        .userId(identity == null ? body.id(draft, REPORT + "contact_id") : identity)
        .recipient(identity)
        .attribute("conversationId", body.get(REPORT + "conversation_id"))
        .attribute("contactId", body.get(REPORT + "contact_id"))
        .attribute("metadata", body.get("message_metadata"));
    // Reports of success may repeat the reason of an earlier channel.
    String code = body.get(REPORT + "reason.code");
    if (code != null && (status == Status.FAILED || status == Status.ANNOTATION)) {
      draft.error(
          Errors.of(
              code,
              body.get(REPORT + "reason.sub_code"),
              null,
              body.get(REPORT + "reason.description")));
    }
    return draft;
  }

  private static boolean isOurs(FieldValues body) {
    String direction = body.get("message.direction");
    return direction != null && AsciiCase.lower(direction).equals(TO_CONTACT);
  }

  /** A message to the contact, which Sinch has accepted; reports on it have the same id. */
  private static EventDraft ours(FieldValues body) {
    EventDraft draft = new EventDraft();
    String identity = body.id(draft, IDENTITY);
    String text = body.first(OUR_TEXT, TEXT);
    return message(draft, body, identity, text, body.first(OUR_MEDIA, MEDIA))
        .status(Status.ACCEPTED)
        .sender(body.id(draft, "message.sender_id"))
        .recipient(identity);
  }

  private static EventDraft inbound(FieldValues body) {
    EventDraft draft = new EventDraft();
    String identity = body.id(draft, IDENTITY);
    String text = body.get(TEXT);
    return message(draft, body, identity, text, body.get(MEDIA))
        .status(Status.RECEIVED)
        .direction(Direction.INBOUND)
        .sender(identity)
        .recipient(body.id(draft, "message.sender_id"))
        .attribute("payload", body.get(CHOICE + "postback_data"))
        .attribute(
            "replyTo",
            body.first("message.contact_message.reply_to.message_id", CHOICE + "message_id"));
  }

  private static EventDraft message(
      EventDraft draft,
      FieldValues body,
      @Nullable String identity,
      @Nullable String text,
      @Nullable String media) {
    return draft
        .messageId(body.id(draft, "message.id"))
        .time(body.time(draft, "message.accept_time", "event_time", "accepted_time"))
        .channel(Channels.of(body.get("message.channel_identity.channel"), "OTHER"))
        .userId(identity == null ? body.id(draft, "message.contact_id") : identity)
        .body(text)
        .attribute("messageType", typeOf(body, text, media))
        .attribute("mediaUrl", media)
        .attribute("conversationId", body.get("message.conversation_id"))
        .attribute("contactId", body.get("message.contact_id"));
  }

  private static String typeOf(FieldValues body, @Nullable String text, @Nullable String media) {
    if (text != null) {
      return "text";
    }
    if (media != null) {
      return "media";
    }
    if (body.get(CHOICE + "message_id") != null || body.get(CHOICE + "postback_data") != null) {
      return "button";
    }
    return body.get("message.contact_message.location_message.title") != null
        ? "location"
        : "unknown";
  }

  /** A report of a whole batch has recipients if it was requested as a full one. */
  private static void batch(FieldValues body, Entries entries) throws IOException {
    List<FieldValues> statuses = body.list("statuses");
    int recipients = statuses.stream().mapToInt(each -> each.list("recipients").size()).sum();
    if (recipients > MAX_RECIPIENTS) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.TOO_LARGE,
              "the report has more than " + MAX_RECIPIENTS + " recipients"));
      return;
    }
    for (FieldValues status : statuses) {
      for (FieldValues recipient : status.list("recipients")) {
        EventDraft draft = new EventDraft();
        entries.add(sms(draft, body, status, recipient.id(draft, FieldValues.SCALAR)));
      }
    }
    if (recipients == 0) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT,
              "the report has no recipients; request reports of type full or per_recipient"));
    }
  }

  private static EventDraft sms(
      EventDraft draft, FieldValues body, FieldValues report, @Nullable String recipient) {
    String batch = body.id(draft, "batch_id");
    String word = report.text(draft, "status");
    String code = report.text(draft, "code");
    Status status = SMS.of(word);
    if (code != null && (status == Status.FAILED || status == Status.EXPIRED)) {
      draft.error(Errors.of(code, word));
    }
    return draft
        .messageId(batch == null || recipient == null ? null : batch + '/' + recipient)
        .status(status, word)
        .channel(channel(body))
        .userId(recipient)
        .recipient(recipient)
        .attribute("batchId", batch)
        .attribute("clientRef", body.get("client_reference"))
        .attribute("operator", body.get("operator"));
  }

  private static EventDraft smsInbound(FieldValues body, String type) {
    EventDraft draft = new EventDraft();
    String from = body.id(draft, "from");
    return draft
        .messageId(body.id(draft, "id"))
        .status(Status.RECEIVED)
        .direction(Direction.INBOUND)
        .time(body.time(draft, "received_at"))
        .channel(channel(body))
        .userId(from)
        .sender(from)
        .recipient(body.id(draft, "to"))
        .body(type.equals("mo_text") ? body.get("body") : null)
        .attribute("messageType", type.equals("mo_text") ? "text" : "media")
        .attribute("clientRef", body.get("client_reference"));
  }

  private static String channel(FieldValues body) {
    String type = body.get("type");
    return type != null && (type.endsWith("_mms") || type.equals("mo_media")) ? "MMS" : "SMS";
  }
}
