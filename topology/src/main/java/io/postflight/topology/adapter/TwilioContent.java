package io.postflight.topology.adapter;

import io.postflight.schema.text.AsciiCase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of an inbound message of Twilio, which forms and Event Streams name alike. */
final class TwilioContent {
  /** Twilio sends at most ten media of a message, numbered from 0. */
  private static final int MAX_MEDIA = 10;

  private static final List<Map.Entry<String, String>> ATTRIBUTES =
      List.of(
          Map.entry("ProfileName", "profileName"),
          Map.entry("ProfileUsername", "username"),
          Map.entry("Username", "username"),
          Map.entry("OriginalRepliedMessageSid", "replyTo"),
          Map.entry("OriginalRepliedMessageSender", "replyToSender"),
          Map.entry("Forwarded", "forwarded"),
          Map.entry("FrequentlyForwarded", "frequentlyForwarded"),
          Map.entry("ButtonPayload", "payload"),
          Map.entry("ListId", "payload"),
          Map.entry("ListDescription", "listDescription"),
          Map.entry("FlowData", "formResponse"),
          Map.entry("InteractiveData", "formResponse"),
          Map.entry("OptOutType", "optOutType"),
          Map.entry("NumMedia", "numMedia"),
          Map.entry("Latitude", "latitude"),
          Map.entry("Longitude", "longitude"),
          Map.entry("Label", "locationName"),
          Map.entry("Address", "locationAddress"),
          Map.entry("FromCountry", "fromCountry"),
          Map.entry("ReferralSourceId", "referralSourceId"),
          Map.entry("ReferralSourceType", "referralSourceType"),
          Map.entry("ReferralSourceUrl", "referralSourceUrl"),
          Map.entry("ReferralHeadline", "referralHeadline"),
          Map.entry("ReferralBody", "referralBody"),
          Map.entry("ReferralCtwaClid", "referralCtwaClid"));

  private TwilioContent() {}

  /**
   * Adds the content to the draft.
   *
   * @param fields of a message, by the name that they have in a form
   */
  static void fill(EventDraft draft, NamedValues fields) {
    String type = type(fields);
    draft
        .body(fields.first("Body", "ListTitle", "ButtonText"))
        .attribute("messageType", type)
        .attribute("interactiveType", type.equals("interactive") ? interactiveType(fields) : null);
    for (Map.Entry<String, String> attribute : ATTRIBUTES) {
      draft.attribute(attribute.getValue(), fields.get(attribute.getKey()));
    }
    if (type.equals("reaction")) {
      draft
          .attribute("reactionTo", fields.get("OriginalRepliedMessageSid"))
          .attribute("emoji", fields.first("ReactionEmoji", "Emoji", "Body"));
    }
    media(draft, fields);
  }

  /** All media; the attributes of the second and of further ones end with their number. */
  private static void media(EventDraft draft, NamedValues fields) {
    for (int i = 0; i < MAX_MEDIA; i++) {
      String number = i == 0 ? "" : Integer.toString(i);
      String url = fields.get("MediaUrl" + i);
      draft
          .attribute("mediaUrl" + number, url)
          .attribute("mediaId" + number, fields.get("MediaSid" + i))
          .attribute("mimeType" + number, fields.get("MediaContentType" + i))
          .attribute("fileName" + number, fields.get("MediaFilename" + i));
    }
  }

  private static @Nullable String interactiveType(NamedValues fields) {
    if (fields.get("ListId") != null) {
      return "list_reply";
    }
    if (fields.first("FlowData", "InteractiveData") != null) {
      return "nfm_reply";
    }
    return fields.first("ButtonPayload", "ButtonText") != null ? "button_reply" : null;
  }

  /** As Twilio names it; an older webhook of WhatsApp, and any of SMS, has no name for it. */
  private static String type(NamedValues fields) {
    String named = fields.get("MessageType");
    if (named != null) {
      return AsciiCase.lower(named);
    }
    if (fields.first("ListId", "FlowData", "InteractiveData") != null) {
      return "interactive";
    }
    if (fields.first("ButtonPayload", "ButtonText") != null) {
      return "button";
    }
    if (fields.get("Latitude") != null) {
      return "location";
    }
    String media = fields.get("NumMedia");
    boolean any = media != null && !media.equals("0");
    return medium(fields.get("MediaContentType0"), any ? "media" : "text");
  }

  private static String medium(@Nullable String contentType, String otherwise) {
    if (contentType == null) {
      return otherwise;
    }
    String type = AsciiCase.lower(contentType);
    int slash = type.indexOf('/');
    String kind = slash < 0 ? type : type.substring(0, slash);
    return switch (kind) {
      case "image", "video", "audio" -> kind;
      default -> type.contains("vcard") ? "contacts" : "document";
    };
  }

  /**
   * Adds the ids of the person on the other side, besides the address: of WhatsApp, the number and
   * the ids that replace it for people who hide it.
   */
  static void person(EventDraft draft, NamedValues fields) {
    String number = fields.get("WaId");
    String user = UserIds.ofTwilio(fields.get("ExternalUserId"));
    if (draft.userId() == null) {
      draft.userId(number != null ? plus(number) : user);
    }
    draft
        .alias(number == null ? null : plus(number))
        .alias(user)
        .alias(UserIds.ofTwilio(fields.get("ParentExternalUserId")));
  }

  /** A WhatsApp id is a number without the plus sign that makes it one for us. */
  private static String plus(String number) {
    return number.startsWith("+") ? number : '+' + number;
  }

  /**
   * Adds the error of a message. Codes 11xxx and 12xxx, and an {@code ErrorUrl}, report that a call
   * of our own webhook failed, which Twilio then repeats at its fallback URL: the message itself
   * has no error.
   */
  static void error(EventDraft draft, NamedValues fields) {
    String code = fields.get("ErrorCode");
    if (code == null || code.equals("0")) {
      return;
    }
    boolean ours =
        (code.length() == 5 && (code.startsWith("11") || code.startsWith("12")))
            || fields.get("ErrorUrl") != null;
    if (ours) {
      draft.attribute("webhookErrorCode", code);
    } else {
      draft.error(
          Errors.of(code, fields.get("ErrorMessage"), null, fields.get("ChannelStatusMessage")));
    }
  }
}
