package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses an element of {@code messages}: an inbound message, an edit or a revocation of one, or a
 * notice about its sender, whose number or id has changed.
 */
final class WhatsAppMessages {
  /** Lists that are stored as JSON in one attribute. */
  private static final Map<String, String> LISTS =
      Map.of("order.product_items", "products", "contacts", "contacts");

  /** Attributes by path, for messages of every type. */
  private static final List<Map.Entry<String, String>> ATTRIBUTES =
      List.of(
          Map.entry("context.id", "replyTo"),
          Map.entry("context.forwarded", "forwarded"),
          Map.entry("context.frequently_forwarded", "frequentlyForwarded"),
          Map.entry("context.referred_product.product_retailer_id", "productId"),
          Map.entry("button.payload", "payload"),
          Map.entry("interactive.type", "interactiveType"),
          Map.entry("interactive.nfm_reply.name", "formName"),
          Map.entry("interactive.nfm_reply.response_json", "formResponse"),
          Map.entry("interactive.call_permission_reply.response_source", "responseSource"),
          Map.entry("interactive.call_permission_reply.expiration_timestamp", "expiresAt"),
          Map.entry("location.latitude", "latitude"),
          Map.entry("location.longitude", "longitude"),
          Map.entry("location.name", "locationName"),
          Map.entry("location.address", "locationAddress"),
          Map.entry("location.url", "locationUrl"),
          Map.entry("reaction.message_id", "reactionTo"),
          Map.entry("reaction.emoji", "emoji"),
          Map.entry("order.catalog_id", "catalogId"),
          Map.entry("system.type", "systemType"),
          Map.entry("unsupported.type", "unsupportedType"),
          Map.entry("referral.source_id", "referralSourceId"),
          Map.entry("referral.source_type", "referralSourceType"),
          Map.entry("referral.source_url", "referralSourceUrl"),
          Map.entry("referral.headline", "referralHeadline"),
          Map.entry("referral.body", "referralBody"),
          Map.entry("referral.ctwa_clid", "referralCtwaClid"),
          Map.entry("group_id", WhatsAppValue.GROUP));

  /** Attributes by name within the object of a medium. */
  private static final List<Map.Entry<String, String>> MEDIUM_ATTRIBUTES =
      List.of(
          Map.entry("id", "mediaId"),
          Map.entry("url", "mediaUrl"),
          Map.entry("mime_type", "mimeType"),
          Map.entry("sha256", "sha256"),
          Map.entry("filename", "fileName"),
          Map.entry("voice", "voice"));

  private static final Set<String> MEDIA = Set.of("image", "video", "audio", "document", "sticker");

  private static final String[] BODIES = {
    "text.body",
    "button.text",
    "order.text",
    "system.body",
    "image.caption",
    "video.caption",
    "document.caption"
  };

  /**
   * Kinds of traffic that arrive as an unsupported message and are none. An edit does not even name
   * its message then.
   */
  private static final Set<String> UNSUPPORTED_CONTROL =
      Set.of("edit", "revoke", "pin", "unpin", "keep");

  /** What the user answered, within the object of an interactive message's reply. */
  private static final String[] ANSWERS = {"title", "response", "body", "text", "name"};

  /** Ids of the sender of a message. */
  private static final String[] SENDER = {"from", "from_user_id", "from_parent_user_id"};

  /** Ids of a person in a notice of a change, the ones before it first. */
  private static final String[] CHANGED = {
    "system.customer",
    "system.previous_user_id",
    "system.wa_id",
    "system.new_wa_id",
    "system.user_id",
    "system.parent_user_id",
    "system.previous_parent_user_id"
  };

  private final JsonBodies json;

  WhatsAppMessages(JsonBodies json) {
    this.json = json;
  }

  /** Reads the parser's current object. */
  EventDraft read(JsonParser parser, FlatObject.Budget budget) throws IOException {
    Map<String, String> lists = new HashMap<>();
    FlatObject message =
        FlatObject.read(parser, budget, (path, token) -> readList(parser, path, token, lists));
    String type = message.get("type");
    EventDraft draft = new EventDraft().direction(Direction.INBOUND);
    String from = message.id(draft, SENDER);
    draft.userId(from).sender(from);
    for (String path : SENDER) {
      draft.alias(message.validId(path));
    }
    draft.time(Timestamps.of(draft, message, "timestamp"));
    String id = message.id(draft, "id");
    switch (type == null ? "" : type) {
      case Edits.EDIT ->
          original(draft, message, Edits.EDIT, id).body(body(message.at("edit.message")));
      case Edits.REVOKE -> original(draft, message, Edits.REVOKE, id);
      case "system" -> change(draft.messageId(id), message);
      default -> draft.messageId(id).status(Status.RECEIVED).body(body(message));
    }
    String unsupported = message.get("unsupported.type");
    if (unsupported != null && UNSUPPORTED_CONTROL.contains(unsupported)) {
      draft.reject(
          RejectionReason.UNSUPPORTED_EVENT, "the entry changes a message that it does not name");
    }
    attributes(draft, message);
    if (Edits.EDIT.equals(type)) {
      content(draft, message.at("edit.message"));
    } else if (!Edits.REVOKE.equals(type)) {
      content(draft, message);
      lists.forEach(draft::attribute);
    }
    return draft.error(Errors.of(message, "errors"));
  }

  /** An edit or a revocation: an event of the original message, identified by its own id. */
  private static EventDraft original(
      EventDraft draft, FlatObject message, String change, @Nullable String id) {
    return draft
        .messageId(message.id(draft, change + ".original_message_id", change + ".message_id"))
        .ownEventId(id)
        .status(Status.ANNOTATION, change);
  }

  /** A notice that names the ids of a person before and after a change. */
  private static void change(EventDraft draft, FlatObject message) {
    String kind = message.get("system.type");
    draft
        .status(Status.ANNOTATION, kind == null ? "system" : kind)
        .body(message.get("system.body"));
    if (draft.userId() == null) {
      draft.userId(message.id(draft, CHANGED));
    }
    for (String path : CHANGED) {
      draft.alias(message.validId(path));
    }
    String number = message.first("system.wa_id", "system.new_wa_id");
    if (number != null && kind != null && kind.endsWith("changed_number")) {
      // Numbers pass on, so it matters which one the person has left.
      leave(draft, message.validId("from"), number);
      leave(draft, message.validId("system.customer"), number);
    }
  }

  private static void leave(EventDraft draft, @Nullable String former, String number) {
    draft.formerId(number.equals(former) ? null : former);
  }

  private static void attributes(EventDraft draft, FlatObject message) {
    for (Map.Entry<String, String> attribute : ATTRIBUTES) {
      draft.attribute(attribute.getValue(), message.get(attribute.getKey()));
    }
  }

  /** What depends on the type of the content; an unknown one keeps its name. */
  private static void content(EventDraft draft, FlatObject message) {
    String type = message.get("type");
    draft.attribute("messageType", type == null ? "unknown" : type);
    String reply = reply(message);
    if (reply != null) {
      draft.attribute("payload", message.get(reply + "id"));
    }
    if (type != null && MEDIA.contains(type)) {
      for (Map.Entry<String, String> attribute : MEDIUM_ATTRIBUTES) {
        draft.attribute(attribute.getValue(), message.get(type + '.' + attribute.getKey()));
      }
    }
  }

  private static @Nullable String body(FlatObject message) {
    String body = message.first(BODIES);
    String reply = reply(message);
    for (int i = 0; body == null && reply != null && i < ANSWERS.length; i++) {
      body = message.get(reply + ANSWERS[i]);
    }
    return body;
  }

  /** Path of the answer to an interactive message, whose name is the type of the answer. */
  private static @Nullable String reply(FlatObject message) {
    String type = message.get("interactive.type");
    return type == null ? null : "interactive." + type + '.';
  }

  private boolean readList(
      JsonParser parser, String path, JsonToken token, Map<String, String> lists)
      throws IOException {
    String name = token == JsonToken.START_ARRAY ? LISTS.get(path) : null;
    if (name == null) {
      return false;
    }
    lists.put(name, json.verbatim(parser));
    return true;
  }
}
