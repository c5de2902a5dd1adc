package io.postflight.topology.adapter;

import java.util.List;
import java.util.Map;

/** Text, type and references of a message in WhatsApp's own protocol. */
final class WasenderContent {
  private static final String[] TEXTS = {
    "messageBody",
    "message.conversation",
    "message.extendedTextMessage.text",
    "message.imageMessage.caption",
    "message.videoMessage.caption",
    "message.documentMessage.caption",
    "message.buttonsResponseMessage.selectedDisplayText",
    "message.listResponseMessage.title",
    "message.templateButtonReplyMessage.selectedDisplayText"
  };

  /** Message type by the part of the message that is present. */
  private static final List<Map.Entry<String, String>> KINDS =
      List.of(
          Map.entry("message.imageMessage", "image"),
          Map.entry("message.videoMessage", "video"),
          Map.entry("message.audioMessage", "audio"),
          Map.entry("message.documentMessage", "document"),
          Map.entry("message.stickerMessage", "sticker"),
          Map.entry("message.locationMessage", "location"),
          Map.entry("message.contactMessage", "contacts"),
          Map.entry("message.reactionMessage", "reaction"),
          Map.entry("message.buttonsResponseMessage", "button"),
          Map.entry("message.templateButtonReplyMessage", "button"),
          Map.entry("message.listResponseMessage", "interactive"),
          Map.entry("message.extendedTextMessage", "text"));

  private static final List<Map.Entry<String, String>> ATTRIBUTES =
      List.of(
          Map.entry("message.reactionMessage.key.id", "reactionTo"),
          Map.entry("message.reactionMessage.text", "emoji"),
          Map.entry("message.extendedTextMessage.contextInfo.stanzaId", "replyTo"),
          Map.entry("message.locationMessage.degreesLatitude", "latitude"),
          Map.entry("message.locationMessage.degreesLongitude", "longitude"),
          Map.entry("message.locationMessage.name", "locationName"),
          Map.entry("message.locationMessage.address", "locationAddress"),
          Map.entry("message.buttonsResponseMessage.selectedButtonId", "payload"),
          Map.entry("message.templateButtonReplyMessage.selectedId", "payload"),
          Map.entry("message.listResponseMessage.singleSelectReply.selectedRowId", "payload"));

  /** Adds the content to the draft. */
  EventDraft fill(EventDraft draft, FlatObject data) {
    String kind = kind(data);
    draft.body(data.first(TEXTS)).attribute("messageType", kind);
    for (Map.Entry<String, String> attribute : ATTRIBUTES) {
      draft.attribute(attribute.getValue(), data.get(attribute.getKey()));
    }
    String medium = "message." + kind + "Message.";
    return draft
        .attribute("mimeType", data.get(medium + "mimetype"))
        .attribute("filename", data.get(medium + "fileName"));
  }

  private static String kind(FlatObject data) {
    for (Map.Entry<String, String> kind : KINDS) {
      if (data.has(kind.getKey())) {
        return kind.getValue();
      }
    }
    return data.first(TEXTS) != null ? "text" : "unknown";
  }
}
