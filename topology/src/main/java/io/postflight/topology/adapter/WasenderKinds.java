package io.postflight.topology.adapter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The parts that a message of WhatsApp's own protocol may consist of, by the name of their field.
 */
final class WasenderKinds {
  static final String PROTOCOL = "protocolMessage";
  static final String REACTION = "reactionMessage";
  static final String EDITED = "editedMessage";

  /** Fields beside the content, and keys of a group's encryption. */
  private static final Set<String> BESIDE =
      Set.of(
          "messageContextInfo",
          "contextInfo",
          "senderKeyDistributionMessage",
          "fastRatchetKeySenderKeyDistributionMessage",
          "base64",
          "mediaUrl",
          "speechToText",
          "chatbotMessage");

  /** Traffic of the client, of calls, of stories and of newsletters. */
  private static final Set<String> CONTROL =
      Set.of(
          PROTOCOL,
          "senderKeyDistributionMessage",
          "fastRatchetKeySenderKeyDistributionMessage",
          "call",
          "chat",
          "callLogMessage",
          "callLogMesssage",
          "bcallMessage",
          "scheduledCallCreationMessage",
          "scheduledCallEditMessage",
          "pinInChatMessage",
          "keepInChatMessage",
          "albumMessage",
          "stickerSyncRmrMessage",
          "messageHistoryBundle",
          "messageHistoryNotice",
          "placeholderMessage",
          "secretEncryptedMessage",
          "encCommentMessage",
          "encEventResponseMessage",
          "limitSharingMessage",
          "newsletterAdminInviteMessage",
          "newsletterFollowerInviteMessageV2",
          "groupStatusMessage",
          "groupStatusMessageV2",
          "groupStatusMentionMessage",
          "statusMentionMessage",
          "statusAddYours",
          "statusNotificationMessage",
          "statusQuestionAnswerMessage",
          "statusQuotedMessage",
          "statusStickerInteractionMessage");

  /**
   * A kind of content.
   *
   * @param type value of the attribute {@code messageType}
   * @param texts paths of the text within it, the first that is present counts
   */
  record Kind(String type, List<String> texts) {}

  private static final Map<String, Kind> KINDS = kinds();

  /** Texts of a kind that is not known. */
  private static final List<String> ANY_TEXT =
      List.of("text", "caption", "body.text", "contentText", "title");

  private WasenderKinds() {}

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new HashMap<>();
    kinds.put("extendedTextMessage", kind("text", "text"));
    kinds.put("imageMessage", kind("image", "caption"));
    kinds.put("videoMessage", kind("video", "caption"));
    kinds.put("ptvMessage", kind("video", "caption"));
    kinds.put("audioMessage", kind("audio"));
    kinds.put("documentMessage", kind("document", "caption"));
    kinds.put("stickerMessage", kind("sticker"));
    kinds.put("stickerPackMessage", kind("sticker", "caption", "name"));
    kinds.put("locationMessage", kind("location", "comment"));
    kinds.put("liveLocationMessage", kind("location", "caption"));
    kinds.put("contactMessage", kind("contacts", "displayName"));
    kinds.put("contactsArrayMessage", kind("contacts", "displayName"));
    kinds.put(REACTION, kind("reaction"));
    kinds.put("encReactionMessage", kind("reaction"));
    for (String version : new String[] {"", "V2", "V3", "V4", "V5"}) {
      kinds.put("pollCreationMessage" + version, kind("poll", "name"));
    }
    kinds.put("pollUpdateMessage", kind("poll_vote"));
    kinds.put("buttonsResponseMessage", kind("button", "selectedDisplayText", "selectedButtonId"));
    kinds.put("templateButtonReplyMessage", kind("button", "selectedDisplayText"));
    kinds.put(
        "listResponseMessage",
        kind("interactive", "title", "singleSelectReply.title", "description"));
    kinds.put("interactiveResponseMessage", kind("interactive", "body.text"));
    kinds.put("listMessage", kind("interactive", "description", "title"));
    kinds.put("buttonsMessage", kind("interactive", "contentText", "text"));
    kinds.put("interactiveMessage", kind("interactive", "body.text", "header.title"));
    kinds.put(
        "templateMessage",
        kind(
            "template",
            "hydratedTemplate.hydratedContentText",
            "hydratedFourRowTemplate.hydratedContentText",
            "interactiveMessageTemplate.body.text",
            "hydratedTemplate.hydratedTitleText",
            "hydratedFourRowTemplate.hydratedTitleText"));
    kinds.put("highlyStructuredMessage", kind("template"));
    kinds.put("orderMessage", kind("order", "message", "orderTitle"));
    kinds.put("productMessage", kind("product", "body", "product.title"));
    kinds.put("groupInviteMessage", kind("group_invite", "caption", "groupName"));
    kinds.put("eventMessage", kind("event", "name", "description"));
    kinds.put("invoiceMessage", kind("payment", "note"));
    String note = "noteMessage.extendedTextMessage.text";
    kinds.put("sendPaymentMessage", kind("payment", note));
    kinds.put("requestPaymentMessage", kind("payment", note));
    return Map.copyOf(kinds);
  }

  private static Kind kind(String type, String... texts) {
    return new Kind(type, List.of(texts));
  }

  /** The kind of this name; null if it is not known. */
  static @Nullable Kind of(String name) {
    return KINDS.get(name);
  }

  /** Paths of the text of this kind. */
  static List<String> texts(String name) {
    Kind kind = KINDS.get(name);
    return kind == null ? ANY_TEXT : kind.texts();
  }

  /** Whether a message of this kind concerns the client and no person. */
  static boolean isControl(@Nullable String name) {
    return name != null && CONTROL.contains(name);
  }

  /**
   * The kind of a message: a known one, else one that is not, else control traffic.
   *
   * @param names of its fields
   * @return null if it has no content
   */
  static @Nullable String of(SortedSet<String> names) {
    String unknown = null;
    String control = null;
    for (String name : names) {
      if (KINDS.containsKey(name)) {
        return name;
      }
      if (CONTROL.contains(name)) {
        control = name.equals(PROTOCOL) || control == null ? name : control;
      } else if (!BESIDE.contains(name) && !name.equals(WasenderContent.PLAIN_TEXT)) {
        unknown = unknown == null ? name : unknown;
      }
    }
    if (names.contains(WasenderContent.PLAIN_TEXT)) {
      return WasenderContent.PLAIN_TEXT;
    }
    return unknown != null ? unknown : control;
  }
}
