package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of Amazon's services of text and voice messages; those of email are elsewhere. */
final class AwsEvents {
  /** The part of an {@code eventType} behind {@code TEXT_}, {@code VOICE_} or {@code MEDIA_}. */
  private static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("queued", Status.QUEUED),
              Map.entry("initiated", Status.SENDING),
              Map.entry("ringing", Status.SENDING),
              Map.entry("sent", Status.SENT),
              Map.entry("pending", Status.SENT),
              Map.entry("buffered", Status.SENT),
              Map.entry("successful", Status.DELIVERED),
              Map.entry("success", Status.DELIVERED),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("answered", Status.DELIVERED),
              Map.entry("completed", Status.DELIVERED),
              Map.entry("read", Status.READ),
              Map.entry("ttl_expired", Status.EXPIRED),
              Map.entry("failure", Status.FAILED),
              Map.entry("failed", Status.FAILED),
              Map.entry("permanent_failure", Status.FAILED),
              Map.entry("temporary_failure", Status.SENDING),
              Map.entry("blocked", Status.FAILED),
              Map.entry("busy", Status.FAILED),
              Map.entry("no_answer", Status.FAILED),
              Map.entry("carrier_blocked", Status.FAILED),
              Map.entry("carrier_unreachable", Status.FAILED),
              Map.entry("invalid", Status.FAILED),
              Map.entry("invalid_message", Status.FAILED),
              Map.entry("max_price_exceeded", Status.FAILED),
              Map.entry("opted_out", Status.FAILED),
              Map.entry("optout", Status.FAILED),
              Map.entry("protect_blocked", Status.FAILED),
              Map.entry("spam", Status.FAILED),
              // After 72 hours without a final event: nobody knows.
              Map.entry("unknown", Status.ANNOTATION),
              Map.entry("media_file_inaccessible", Status.FAILED),
              Map.entry("media_file_type_unsupported", Status.FAILED),
              Map.entry("media_file_size_exceeded", Status.FAILED),
              Map.entry("file_inaccessible", Status.FAILED),
              Map.entry("file_type_unsupported", Status.FAILED),
              Map.entry("file_size_exceeded", Status.FAILED),
              Map.entry("unreachable", Status.FAILED)));

  private static final Set<String> SMS_EVENTS =
      Set.of("_SMS.SUCCESS", "_SMS.FAILURE", "_SMS.BUFFERED", "_SMS.OPTOUT");

  static final WantedFields WANTED =
      SesEvents.with(
          "eventType",
          "eventTimestamp",
          "isFinal",
          "messageId",
          "messageStatus",
          "messageStatusDescription",
          "rcsBusinessId",
          "originationPhoneNumber",
          "destinationPhoneNumber",
          "isoCountryCode",
          "carrierName",
          "messageType",
          "totalMessagePrice",
          "totalMessageParts",
          // SNS text messages
          "notification",
          "notification.messageId",
          "notification.timestamp",
          "delivery.destination",
          "delivery.providerResponse",
          "delivery.priceInUSD",
          "delivery.phoneCarrier",
          "status",
          // Inbound text messages
          "inboundMessageId",
          "originationNumber",
          "destinationNumber",
          "messageKeyword",
          "messageBody",
          "previousPublishedMessageId",
          // Event streams of Pinpoint
          "event_type",
          "event_timestamp",
          "attributes.message_id",
          "attributes.record_status",
          "attributes.destination_phone_number",
          "attributes.sender_request_id",
          "attributes.iso_country_code",
          "metrics.price_in_millicents_usd");

  private AwsEvents() {}

  /** Adds the entries of one event. */
  static void read(FieldValues event, Entries entries) throws IOException {
    if (event.isStructure("mail")) {
      SesEvents.read(event, entries);
    } else if (event.isStructure("notification")) {
      entries.add(notification(event));
    } else if (event.has("inboundMessageId")) {
      entries.add(inbound(event));
    } else if (event.has("messageStatus") || isMessage(event.get("eventType"))) {
      entries.add(message(event));
    } else if (SMS_EVENTS.contains(String.valueOf(event.get("event_type")))) {
      entries.add(streamed(event));
    } else if (event.first("eventType", "event_type", "notificationType") != null) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "the event does not concern a message"));
    } else {
      throw new MalformedBodyException("the body is not an event of Amazon's messages");
    }
  }

  private static boolean isMessage(@Nullable String type) {
    return type != null
        && (type.startsWith("TEXT_") || type.startsWith("VOICE_") || type.startsWith("MEDIA_"));
  }

  /**
   * End User Messaging. SUCCESSFUL means accepted by the carrier until it is final; a failure that
   * is not final is tried again.
   */
  private static EventDraft message(FieldValues event) {
    EventDraft draft = new EventDraft();
    String type = event.text(draft, "eventType");
    String named = event.text(draft, "messageStatus");
    String word = named != null || type == null ? named : type.substring(type.indexOf('_') + 1);
    boolean pending = Booleans.isFalse(event.get("isFinal"));
    Status known = STATUSES.of(word);
    Status status = known;
    if (pending && "SUCCESSFUL".equals(word)) {
      status = Status.SENT;
    } else if (pending && known == Status.FAILED) {
      status = Status.SENDING;
    }
    String to = event.id(draft, "destinationPhoneNumber");
    if (known == Status.FAILED || known == Status.EXPIRED) {
      draft.error(Errors.of(word, event.get("messageStatusDescription")));
    }
    return draft
        .messageId(event.id(draft, "messageId"))
        .status(status, word)
        .time(event.time(draft, "eventTimestamp"))
        .channel(event.has("rcsBusinessId") ? "RCS" : channel(type))
        .userId(to)
        .sender(event.id(draft, "originationPhoneNumber"))
        .recipient(to)
        .price(Prices.of(event.get("totalMessagePrice"), "USD"))
        .attribute("priceCategory", event.get("messageType"))
        .attribute("carrier", event.get("carrierName"))
        .attribute("country", event.get("isoCountryCode"));
  }

  private static String channel(@Nullable String type) {
    if (type != null && type.startsWith("VOICE_")) {
      return "VOICE";
    }
    return type != null && type.startsWith("MEDIA_") ? "MMS" : "SMS";
  }

  /** SNS text messages: SUCCESS or FAILURE. */
  private static EventDraft notification(FieldValues event) {
    EventDraft draft = new EventDraft();
    String word = event.text(draft, "status");
    String to = event.id(draft, "delivery.destination");
    Status status = STATUSES.of(word);
    if (status == Status.FAILED) {
      draft.error(Errors.of(null, event.get("delivery.providerResponse")));
    }
    return draft
        .messageId(event.id(draft, "notification.messageId"))
        .status(status, word)
        .time(event.time(draft, "notification.timestamp"))
        .channel("SMS")
        .userId(to)
        .recipient(to)
        .price(Prices.of(event.get("delivery.priceInUSD"), "USD"))
        .attribute("carrier", event.get("delivery.phoneCarrier"));
  }

  private static EventDraft inbound(FieldValues event) {
    EventDraft draft = new EventDraft();
    String from = event.id(draft, "originationNumber");
    return draft
        .messageId(event.id(draft, "inboundMessageId"))
        .status(Status.RECEIVED)
        .direction(Direction.INBOUND)
        .channel("SMS")
        .userId(from)
        .sender(from)
        .recipient(event.id(draft, "destinationNumber"))
        .body(event.get("messageBody"))
        .attribute("messageType", "text")
        .attribute("keyword", event.get("messageKeyword"))
        .attribute("replyTo", event.get("previousPublishedMessageId"));
  }

  private static EventDraft streamed(FieldValues event) {
    EventDraft draft = new EventDraft();
    String recorded = event.text(draft, "attributes.record_status");
    String type = event.text(draft, "event_type");
    String word = recorded != null || type == null ? recorded : type.substring("_SMS.".length());
    String to = event.id(draft, "attributes.destination_phone_number");
    Status status = STATUSES.of(word);
    if (status == Status.FAILED) {
      draft.error(Errors.of(word, null));
    }
    return draft
        .messageId(event.id(draft, "attributes.message_id"))
        .status(status, word)
        .time(event.time(draft, "event_timestamp"))
        .channel("SMS")
        .userId(to)
        .recipient(to)
        .attribute("country", event.get("attributes.iso_country_code"));
  }
}
