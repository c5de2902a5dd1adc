package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import io.postflight.schema.event.Status;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses an element of {@code messages}: an inbound message. */
final class WhatsAppMessages {
  /** Lists that are stored as JSON in one attribute. */
  private static final Map<String, String> LISTS =
      Map.of("order.product_items", "products", "contacts", "contacts");

  /** Attributes by path, for messages of every type. */
  private static final List<Map.Entry<String, String>> ATTRIBUTES =
      List.of(
          Map.entry("context.id", "replyTo"),
          Map.entry("context.forwarded", "forwarded"),
          Map.entry("button.payload", "payload"),
          Map.entry("interactive.type", "interactiveType"),
          Map.entry("interactive.button_reply.id", "payload"),
          Map.entry("interactive.list_reply.id", "payload"),
          Map.entry("interactive.nfm_reply.response_json", "formResponse"),
          Map.entry("location.latitude", "latitude"),
          Map.entry("location.longitude", "longitude"),
          Map.entry("location.name", "locationName"),
          Map.entry("location.address", "locationAddress"),
          Map.entry("location.url", "locationUrl"),
          Map.entry("reaction.message_id", "reactionTo"),
          Map.entry("reaction.emoji", "emoji"),
          Map.entry("order.catalog_id", "catalogId"),
          Map.entry("unsupported.type", "unsupportedType"),
          Map.entry("referral.source_id", "referralSourceId"),
          Map.entry("referral.source_url", "referralSourceUrl"),
          Map.entry("referral.ctwa_clid", "clickId"),
          Map.entry("group_id", WhatsAppValue.GROUP));

  /** Attributes by name within the object of a medium. */
  private static final List<Map.Entry<String, String>> MEDIUM_ATTRIBUTES =
      List.of(
          Map.entry("id", "mediaId"),
          Map.entry("mime_type", "mimeType"),
          Map.entry("sha256", "sha256"),
          Map.entry("filename", "filename"));

  private static final Set<String> MEDIA = Set.of("image", "video", "audio", "document", "sticker");

  private static final String[] BODIES = {
    "text.body",
    "button.text",
    "interactive.button_reply.title",
    "interactive.list_reply.title",
    "interactive.nfm_reply.body",
    "order.text",
    "system.body",
    "image.caption",
    "video.caption",
    "document.caption"
  };

  private final JsonBodies json;

  WhatsAppMessages(JsonBodies json) {
    this.json = json;
  }

  /** Reads the parser's current object. */
  EventDraft read(JsonParser parser, FlatObject.Budget budget) throws IOException {
    Map<String, String> lists = new HashMap<>();
    FlatObject message =
        FlatObject.read(parser, budget, (path, token) -> readList(parser, path, lists));
    String type = message.get("type");
    EventDraft draft = new EventDraft();
    String from = message.id(draft, "from", "from_user_id");
    draft
        .messageId(message.id(draft, "id"))
        .status(Status.RECEIVED)
        .userId(from)
        .sender(from)
        .body(message.first(BODIES))
        .attribute("messageType", type == null ? "unknown" : type);
    draft.time(Timestamps.of(draft, message, "timestamp"));
    for (Map.Entry<String, String> attribute : ATTRIBUTES) {
      draft.attribute(attribute.getValue(), message.get(attribute.getKey()));
    }
    lists.forEach(draft::attribute);
    if (type != null && MEDIA.contains(type)) {
      medium(message, type, draft);
    }
    if (message.has("errors")) {
      draft.error(
          Errors.of(
              message.get("errors.0.code"),
              message.get("errors.0.title"),
              message.get("errors.0.message"),
              message.get("errors.0.error_data.details")));
    }
    return draft;
  }

  private boolean readList(JsonParser parser, String path, Map<String, String> lists)
      throws IOException {
    String name = LISTS.get(path);
    if (name == null) {
      return false;
    }
    lists.put(name, json.verbatim(parser));
    return true;
  }

  private static void medium(FlatObject message, String type, EventDraft draft) {
    for (Map.Entry<String, String> attribute : MEDIUM_ATTRIBUTES) {
      String value = message.get(type + '.' + attribute.getKey());
      draft.attribute(attribute.getValue(), value);
    }
  }
}
