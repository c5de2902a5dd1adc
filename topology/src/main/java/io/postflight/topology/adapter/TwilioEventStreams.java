package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;

/**
 * Twilio Event Streams: an array of CloudEvents, or a single one. The CloudEvents id is the event's
 * own id, since Twilio delivers at least once.
 */
final class TwilioEventStreams {
  private static final String MESSAGE = "com.twilio.messaging.message.";
  private static final String INBOUND = "com.twilio.messaging.inbound-message.received";
  private static final String VERIFY = "com.twilio.accountsecurity.verify.message.";

  private final JsonBodies json;

  TwilioEventStreams(JsonBodies json) {
    this.json = json;
  }

  void read(Payload payload, Entries entries) throws IOException {
    json.read(payload, (parser, budget) -> event(FlatObject.read(parser, budget)), entries);
  }

  private static EventDraft event(FlatObject event) {
    String type = event.get("type");
    if (type == null) {
      return EventDraft.rejected(RejectionReason.MALFORMED_BODY, "the event has no 'type'");
    }
    if (type.equals(INBOUND)) {
      return inbound(event);
    }
    if (type.startsWith(MESSAGE)) {
      EventDraft draft = status(event, type.substring(MESSAGE.length()));
      return draft.messageId(event.id(draft, "data.messageSid", "data.message_sid"));
    }
    if (type.startsWith(VERIFY)) {
      EventDraft draft = status(event, type.substring(VERIFY.length()));
      return draft
          .messageId(event.id(draft, "data.attempt_sid", "data.attemptSid"))
          .attribute("verificationSid", event.get("data.verification_sid"))
          .attribute("serviceSid", event.get("data.service_sid"));
    }
    return EventDraft.rejected(
        RejectionReason.UNSUPPORTED_EVENT, "the event does not concern a message");
  }

  private static EventDraft status(FlatObject event, String typeStatus) {
    String given = event.first("data.messageStatus", "data.message_status");
    String name = given == null ? typeStatus : given;
    EventDraft draft = base(event).status(TwilioAdapter.STATUSES.of(name), name);
    draft.userId(UserIds.ofTwilio(event.id(draft, "data.to")));
    NamedValues fields = fields(event);
    TwilioContent.person(draft, fields);
    TwilioContent.error(draft, fields);
    return draft.price(
        TwilioAdapter.price(
            event.first("data.price", "data.messagePrice"),
            event.first("data.priceUnit", "data.price_unit")));
  }

  private static EventDraft inbound(FlatObject event) {
    EventDraft draft = base(event);
    draft
        .messageId(event.id(draft, "data.messageSid", "data.message_sid"))
        .status(Status.RECEIVED, event.first("data.messageStatus", "data.message_status"))
        .direction(Direction.INBOUND)
        .userId(UserIds.ofTwilio(event.id(draft, "data.from")));
    NamedValues fields = fields(event);
    TwilioContent.person(draft, fields);
    TwilioContent.fill(draft, fields);
    return draft;
  }

  /** Event Streams name the fields of a form in camel case or in snake case. */
  private static NamedValues fields(FlatObject event) {
    return name -> event.first("data." + camelCase(name), "data." + snakeCase(name));
  }

  private static String camelCase(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static String snakeCase(String name) {
    StringBuilder snake = new StringBuilder(name.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (i > 0 && Character.isUpperCase(c)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }

  private static EventDraft base(FlatObject event) {
    String from = event.get("data.from");
    String to = event.get("data.to");
    EventDraft draft = new EventDraft();
    return draft
        .ownEventId(event.id(draft, "id"))
        .time(Timestamps.of(draft, event, "time", "data.timestamp", "data.created_at"))
        .channel(TwilioAdapter.channel(event.get("data.channel"), from, to))
        .sender(from)
        .recipient(to)
        .attribute(
            "messagingServiceSid",
            event.first("data.messagingServiceSid", "data.messaging_service_sid"));
  }
}
