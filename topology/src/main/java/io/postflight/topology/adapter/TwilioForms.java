package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Twilio's form callbacks: the status of a message, an inbound message, or an event of a
 * conversation. Only the last contain a time.
 */
final class TwilioForms {
  private static final List<Map.Entry<String, String>> ATTRIBUTES =
      List.of(
          Map.entry("MessagingServiceSid", "messagingServiceSid"),
          Map.entry("ChannelInstallSid", "channelInstallSid"),
          Map.entry("RawDlrDoneDate", "rawDlrDoneDate"),
          Map.entry("NumSegments", "numSegments"));

  private final TwilioConversations conversations;

  TwilioForms(JsonBodies json) {
    this.conversations = new TwilioConversations(json);
  }

  EventDraft read(FormBody form) throws IOException {
    if (TwilioConversations.is(form::get)) {
      return conversations.read(form::get);
    }
    String sid = form.first("MessageSid", "SmsSid", "SmsMessageSid");
    String name = form.first("MessageStatus", "SmsStatus");
    boolean content = form.first("Body", "NumMedia") != null;
    if (sid == null && name == null && !content) {
      if (form.get("AccountSid") == null) {
        throw new MalformedBodyException("the body is not a form of a Twilio message");
      }
      return EventDraft.rejected(
          RejectionReason.UNSUPPORTED_EVENT, "the callback does not concern a message");
    }
    EventDraft draft = new EventDraft().messageId(sid);
    Status status = TwilioAdapter.STATUSES.of(name);
    draft.status(name == null && content ? Status.RECEIVED : status, name);
    String from = form.get("From");
    String to = form.get("To");
    boolean inbound = draft.status() == Status.RECEIVED;
    draft
        .channel(TwilioAdapter.channel(form.get("ChannelPrefix"), from, to))
        .direction(inbound ? Direction.INBOUND : Direction.OUTBOUND)
        .sender(from)
        .recipient(to)
        .userId(UserIds.ofTwilio(inbound ? from : to))
        .price(TwilioAdapter.price(form.first("MessagePrice", "Price"), form.first("PriceUnit")));
    for (Map.Entry<String, String> attribute : ATTRIBUTES) {
      draft.attribute(attribute.getValue(), form.get(attribute.getKey()));
    }
    TwilioContent.person(draft, form::get);
    TwilioContent.error(draft, form::get);
    if (inbound) {
      TwilioContent.fill(draft, form::get);
    }
    return draft;
  }
}
