package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's form callbacks: the status of a message, or an inbound message. They contain no time.
 */
final class TwilioForms {
  private static final List<Map.Entry<String, String>> ATTRIBUTES =
      List.of(
          Map.entry("MessagingServiceSid", "messagingServiceSid"),
          Map.entry("ChannelInstallSid", "channelInstallSid"),
          Map.entry("RawDlrDoneDate", "rawDlrDoneDate"),
          Map.entry("NumSegments", "numSegments"));

  private static final List<Map.Entry<String, String>> INBOUND_ATTRIBUTES =
      List.of(
          Map.entry("ProfileName", "profileName"),
          Map.entry("OriginalRepliedMessageSid", "replyTo"),
          Map.entry("ButtonPayload", "payload"),
          Map.entry("NumMedia", "numMedia"),
          Map.entry("MediaUrl0", "mediaUrl"),
          Map.entry("MediaContentType0", "mimeType"),
          Map.entry("Latitude", "latitude"),
          Map.entry("Longitude", "longitude"),
          Map.entry("Address", "locationAddress"),
          Map.entry("FromCountry", "fromCountry"));

  EventDraft read(FormBody form) throws IOException {
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
    copy(form, draft, ATTRIBUTES);
    String code = form.get("ErrorCode");
    if (code != null && !code.equals("0")) {
      draft.error(
          Errors.of(code, form.get("ErrorMessage"), null, form.get("ChannelStatusMessage")));
    }
    if (inbound) {
      draft.body(form.get("Body")).attribute("messageType", messageType(form));
      copy(form, draft, INBOUND_ATTRIBUTES);
    }
    return draft;
  }

  private static void copy(FormBody form, EventDraft draft, List<Map.Entry<String, String>> names) {
    for (Map.Entry<String, String> name : names) {
      draft.attribute(name.getValue(), form.get(name.getKey()));
    }
  }

  private static String messageType(FormBody form) {
    if (form.get("ButtonPayload") != null || form.get("ButtonText") != null) {
      return "button";
    }
    if (form.get("Latitude") != null) {
      return "location";
    }
    return mediumOr(form.get("MediaContentType0"), "text");
  }

  private static String mediumOr(@Nullable String contentType, String fallback) {
    if (contentType == null) {
      return fallback;
    }
    int slash = contentType.indexOf('/');
    String kind = slash < 0 ? contentType : contentType.substring(0, slash);
    return switch (kind) {
      case "image", "video", "audio" -> kind;
      default -> "document";
    };
  }
}
