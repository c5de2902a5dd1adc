package io.postflight.topology.adapter;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Text, type and references of a message in WhatsApp's own protocol.
 *
 * <p>A message may be wrapped, also several times: a wrapper is any field with a {@code message} of
 * its own (disappearing and view-once messages, documents with a caption, edits, children of an
 * album, ...). Wrappers are opened up to {@value #MAX_WRAPPERS} deep.
 *
 * @param message the fields of the innermost message
 * @param kind name of the field with the content, as in {@link WasenderKinds}; null if there is
 *     none
 * @param edited whether one of the wrappers is that of an edit
 */
record WasenderContent(FlatObject message, @Nullable String kind, boolean edited) {
  /** Field of a text without a format. */
  static final String PLAIN_TEXT = "conversation";

  private static final int MAX_WRAPPERS = 8;
  private static final int MAX_OPTIONS = 12;

  /** Attributes by path within the content, of every kind. */
  private static final List<Map.Entry<String, String>> ATTRIBUTES =
      List.of(
          Map.entry("contextInfo.stanzaId", "replyTo"),
          Map.entry("contextInfo.isForwarded", "forwarded"),
          Map.entry("contextInfo.externalAdReply.sourceId", "referralSourceId"),
          Map.entry("contextInfo.externalAdReply.sourceType", "referralSourceType"),
          Map.entry("contextInfo.externalAdReply.sourceUrl", "referralSourceUrl"),
          Map.entry("contextInfo.externalAdReply.title", "referralHeadline"),
          Map.entry("contextInfo.externalAdReply.ctwaClid", "referralCtwaClid"),
          Map.entry("mimetype", "mimeType"),
          Map.entry("fileName", "fileName"),
          Map.entry("seconds", "durationSeconds"),
          Map.entry("ptt", "voice"),
          Map.entry("degreesLatitude", "latitude"),
          Map.entry("degreesLongitude", "longitude"),
          Map.entry("selectedButtonId", "payload"),
          Map.entry("selectedId", "payload"),
          Map.entry("singleSelectReply.selectedRowId", "payload"),
          Map.entry("nativeFlowResponseMessage.name", "formName"),
          Map.entry("nativeFlowResponseMessage.paramsJson", "formResponse"),
          Map.entry("pollCreationMessageKey.id", "pollId"),
          Map.entry("orderId", "orderId"),
          Map.entry("product.productId", "productId"),
          Map.entry("groupJid", "invitedGroupId"),
          Map.entry("startTime", "startTime"),
          Map.entry("vcard", "vcard"));

  private static final Map<String, String> INTERACTIVE_TYPES =
      Map.of(
          "listResponseMessage", "list_reply",
          "interactiveResponseMessage", "nfm_reply");

  /** Opens the wrappers of a message. */
  static WasenderContent of(FlatObject message) {
    FlatObject inner = message;
    boolean edited = false;
    for (int depth = 0; depth < MAX_WRAPPERS; depth++) {
      String wrapper = wrapper(inner);
      if (wrapper == null) {
        break;
      }
      edited |= wrapper.equals(WasenderKinds.EDITED);
      inner = inner.at(wrapper + ".message");
    }
    return new WasenderContent(inner, WasenderKinds.of(inner.names()), edited);
  }

  private static @Nullable String wrapper(FlatObject message) {
    SortedSet<String> wrappers = message.namesWith("message");
    for (String name : wrappers) {
      if (!WasenderKinds.isControl(name)) {
        return name;
      }
    }
    return null;
  }

  /** Whether it is traffic of the client, and no message between people. */
  boolean isControl() {
    return WasenderKinds.isControl(kind);
  }

  /** The fields of the content. */
  FlatObject content() {
    return message.at(kind == null ? PLAIN_TEXT : kind);
  }

  /**
   * Adds the content to the draft.
   *
   * @param entry the entry around it, which some servers give a text and references of its own
   */
  EventDraft fill(EventDraft draft, FlatObject entry) {
    String text = text();
    String body = text != null ? text : entry.first("messageBody");
    draft.body(body).attribute("messageType", type(body));
    if (kind != null && !kind.equals(PLAIN_TEXT)) {
      attributes(draft, content());
    }
    if (!draft.attributes().containsKey("replyTo")) {
      draft.attribute(
          "replyTo",
          first(
              entry.first("contextInfo.stanzaId", "message.contextInfo.stanzaId"),
              message.get("contextInfo.stanzaId")));
    }
    return draft.attribute(
        "mediaUrl", first(entry.first("message.mediaUrl", "mediaUrl"), content().get("url")));
  }

  private void attributes(EventDraft draft, FlatObject content) {
    for (Map.Entry<String, String> attribute : ATTRIBUTES) {
      draft.attribute(attribute.getValue(), content.get(attribute.getKey()));
    }
    draft.attribute("interactiveType", INTERACTIVE_TYPES.get(String.valueOf(kind)));
    switch (draft.attributes().getOrDefault("messageType", "")) {
      case "reaction" ->
          draft
              .attribute("reactionTo", content.first("key.id", "targetMessageKey.id"))
              .attribute("emoji", content.get("text"));
      case "location" ->
          draft
              .attribute("locationName", content.get("name"))
              .attribute("locationAddress", content.get("address"))
              .attribute("locationUrl", content.get("url"));
      case "poll" -> draft.attribute("options", texts(content, "options.%d.optionName"));
      case "poll_vote" -> draft.attribute("options", texts(content, "vote.selectedOptions.%d"));
      case "contacts" -> draft.attribute("vcard", content.first("vcard", "contacts.0.vcard"));
      default -> {
        // No attributes of its own.
      }
    }
  }

  /** The first texts of an array, one per line; null if there is none. */
  private static @Nullable String texts(FlatObject content, String path) {
    StringJoiner lines = new StringJoiner("\n");
    for (int i = 0; i < MAX_OPTIONS; i++) {
      String text = content.get(path.formatted(i));
      if (text != null) {
        lines.add(text);
      }
    }
    return lines.length() == 0 ? null : lines.toString();
  }

  private @Nullable String text() {
    if (kind == null || kind.equals(PLAIN_TEXT)) {
      return message.get(PLAIN_TEXT);
    }
    FlatObject content = content();
    for (String path : WasenderKinds.texts(kind)) {
      String text = content.get(path);
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  /** The type of the message; a kind that is not known keeps its name. */
  private String type(@Nullable String body) {
    if (kind == null) {
      return body == null ? "unknown" : "text";
    }
    WasenderKinds.Kind known = WasenderKinds.of(kind);
    return known != null ? known.type() : kind.equals(PLAIN_TEXT) ? "text" : kind;
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one != null ? one : other;
  }
}
