package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.topic.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * The people of an entry of WASenderApi, Baileys or Evolution.
 *
 * <p>A chat is that of a person or of a group; in a group the entry names the participant. WhatsApp
 * may hide a number behind an address that ends with {@code @lid}; the number then stands in
 * another field. Both are the same person: the number is the user, the other an alias.
 */
final class WasenderPeople {
  private static final String GROUP_SERVER = "@g.us";
  private static final String HIDDEN = "@lid";

  private static final String[] CHAT = {
    "key.remoteJid", "message.key.remoteJid", "remoteJid", "to"
  };

  /** Other addresses of the chat's person. */
  private static final String[] CHAT_ALTERNATIVES = {
    "key.remoteJidAlt", "message.key.remoteJidAlt", "remoteJidAlt"
  };

  /** Addresses of the sender, who is the chat's person unless the message is from us. */
  private static final String[] SENDER_ALTERNATIVES = {
    "key.cleanedSenderPn",
    "key.senderPn",
    "key.remoteJidAlt",
    "key.participantPn",
    "key.participantAlt",
    "key.cleanedParticipantPn",
    "key.senderLid"
  };

  /** The member who read a message, whose author the key names. */
  private static final String[] READER = {"receipt.userJid", "message.receipt.userJid"};

  private static final String[] PARTICIPANT = {
    "key.participant", "message.key.participant", "participant"
  };

  private static final String[] NONE = {};

  private static final String[] PARTICIPANT_ALTERNATIVES = {
    "key.cleanedParticipantPn",
    "key.participantPn",
    "key.participantAlt",
    "participantAlt",
    "key.participantLid"
  };

  /** Addresses of the author of a message in a group, if that is not the business. */
  private static final String[] AUTHOR_ALTERNATIVES = {
    "key.cleanedParticipantPn",
    "key.participantPn",
    "key.participantAlt",
    "participantAlt",
    "key.cleanedSenderPn",
    "key.senderPn",
    "key.participantLid",
    "key.senderLid"
  };

  private WasenderPeople() {}

  /**
   * Adds chat and user to the draft. Stories, broadcasts, newsletters and calls have a chat that is
   * no person: such an entry is rejected.
   *
   * @param fromUs whether the message is from the business, so that the sender is not the user
   * @param own address of the business, which is not a user either; null: it is not known
   */
  static void fill(EventDraft draft, FlatObject data, boolean fromUs, @Nullable String own) {
    String chat = data.id(draft, CHAT);
    if (chat != null && isNobody(chat)) {
      draft.reject(
          RejectionReason.UNSUPPORTED_EVENT,
          "the chat is a story, a broadcast, a newsletter or a call");
    }
    draft.recipient(chat);
    if (chat != null && chat.endsWith(GROUP_SERVER)) {
      String reader = data.id(draft, READER);
      String member = reader != null ? reader : data.id(draft, PARTICIPANT);
      draft.participant(member).attribute(WhatsAppValue.GROUP, chat);
      String[] alternatives = fromUs ? PARTICIPANT_ALTERNATIVES : AUTHOR_ALTERNATIVES;
      person(draft, data, member, reader != null ? NONE : alternatives);
    } else {
      person(draft, data, chat, fromUs ? CHAT_ALTERNATIVES : SENDER_ALTERNATIVES);
    }
    String user = draft.userId();
    if (user != null && user.equals(UserIds.ofJid(own))) {
      // A message to oneself has no other person.
      draft.nobody();
    }
  }

  /**
   * Sets the direction from a key that its author wrote: the chat is the business if a customer is
   * the author, and may be hidden, so that it names no user. The message itself has the people.
   */
  static void ofAuthorsKey(
      EventDraft draft, FlatObject data, boolean fromUs, @Nullable String own) {
    fill(draft, data, fromUs, own);
    String chat = UserIds.ofJid(draft.recipient());
    boolean inbound = !fromUs || (chat != null && chat.equals(UserIds.ofJid(own)));
    draft.direction(inbound ? Direction.INBOUND : Direction.OUTBOUND);
    draft.nobody().recipient(null).participant(null);
  }

  /** The author of an inbound message is its user; an outbound one in a group has none. */
  static void author(EventDraft draft, boolean fromUs) {
    boolean group = draft.attributes().containsKey(WhatsAppValue.GROUP);
    if (!fromUs) {
      draft.sender(group ? draft.participant() : draft.recipient()).recipient(null);
    } else if (group) {
      draft.sender(draft.participant()).nobody();
    }
    draft.participant(null); // a message has a single author
  }

  private static boolean isNobody(String chat) {
    return chat.endsWith("@broadcast") || chat.endsWith("@newsletter") || chat.endsWith("@call");
  }

  private static void person(
      EventDraft draft, FlatObject data, @Nullable String address, String[] alternatives) {
    String user = address;
    if (address == null || address.endsWith(HIDDEN)) {
      String other = data.id(draft, alternatives);
      user = other != null ? other : address;
    }
    draft.userId(UserIds.ofJid(user)).alias(UserIds.ofJid(address));
    for (String path : alternatives) {
      draft.alias(UserIds.ofJid(data.validId(path)));
    }
  }
}
