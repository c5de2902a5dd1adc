package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of WASenderApi, Baileys or Evolution.
 *
 * <p>A status counts as that of an outbound message even if {@code fromMe} is false: some servers
 * set this for messages that they sent. An inbound message is identified by its own event.
 */
final class WasenderEntries {
  private static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("0", Status.FAILED),
              Map.entry("1", Status.SENDING),
              Map.entry("2", Status.SENT),
              Map.entry("3", Status.DELIVERED),
              Map.entry("4", Status.READ),
              Map.entry("5", Status.PLAYED),
              Map.entry("error", Status.FAILED),
              Map.entry("failed", Status.FAILED),
              Map.entry("pending", Status.SENDING),
              Map.entry("server_ack", Status.SENT),
              Map.entry("sent", Status.SENT),
              Map.entry("delivery_ack", Status.DELIVERED),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("read", Status.READ),
              Map.entry("played", Status.PLAYED),
              Map.entry("deleted", Status.ANNOTATION)));

  private static final WasenderContent CONTENT = new WasenderContent();

  /**
   * Reads an entry.
   *
   * @param event name of the event in the envelope, in lower case with dots
   * @param data the entry
   * @param envelopeTime the envelope's time as text, used if the entry has none
   */
  void read(String event, FlatObject data, @Nullable String envelopeTime, Entries entries)
      throws IOException {
    switch (event) {
      case "messages.update", "message.update", "message.status" ->
          entries.add(status(data, envelopeTime));
      case "message-receipt.update", "message.receipt.update" ->
          receipts(data, envelopeTime, entries);
      case "messages.upsert",
          "messages.received",
          "messages-personal.received",
          "messages-group.received",
          "messages-newsletter.received" ->
          entries.add(message(data, envelopeTime));
      case "message.sent", "send.message" -> entries.add(sent(data, envelopeTime));
      case "messages.delete", "message.deleted", "messages.edited", "messages.reaction" ->
          entries.add(
              base(data, envelopeTime)
                  .status(Status.ANNOTATION, event.substring(event.indexOf('.') + 1))
                  .attribute("emoji", data.get("reaction.text")));
      default ->
          entries.add(
              EventDraft.rejected(
                  RejectionReason.UNSUPPORTED_EVENT, "the event does not concern a message"));
    }
  }

  private static EventDraft status(FlatObject data, @Nullable String envelopeTime) {
    EventDraft draft = base(data, envelopeTime);
    String name = data.first("update.status", "status");
    if (name == null) {
      draft.reject(RejectionReason.UNSUPPORTED_EVENT, "the update has no status");
    }
    return withError(draft.status(STATUSES.of(name), name), data);
  }

  /**
   * A receipt with several times is several events. A receipt with a number instead of times is
   * parsed like a status.
   */
  private static void receipts(FlatObject data, @Nullable String envelopeTime, Entries entries)
      throws IOException {
    boolean any = false;
    any |= receipt(data, "receiptTimestamp", Status.DELIVERED, entries);
    any |= receipt(data, "readTimestamp", Status.READ, entries);
    any |= receipt(data, "playedTimestamp", Status.PLAYED, entries);
    if (!any) {
      entries.add(status(data, envelopeTime));
    }
  }

  private static boolean receipt(FlatObject data, String name, Status status, Entries entries)
      throws IOException {
    String path = "receipt." + name;
    String inMessage = "message." + path;
    String time = data.first(path, inMessage, path + ".low", inMessage + ".low");
    boolean absent = time == null && !data.isStructure(path) && !data.isStructure(inMessage);
    if (absent || "0".equals(time)) {
      return false;
    }
    EventDraft draft = base(data, null).status(status, name);
    entries.add(draft.time(Timestamps.of(draft, data, path, inMessage)));
    return true;
  }

  private static EventDraft message(FlatObject data, @Nullable String envelopeTime) {
    if (fromUs(data)) {
      return sent(data, envelopeTime);
    }
    EventDraft draft =
        base(data, envelopeTime).status(Status.RECEIVED).direction(Direction.INBOUND);
    draft.sender(draft.recipient()).recipient(null);
    draft.participant(null); // an inbound message has a single author
    return CONTENT.fill(draft, data).attribute("profileName", data.get("pushName"));
  }

  /** An outbound message, reported by the phone or by the server that sent it. */
  private static EventDraft sent(FlatObject data, @Nullable String envelopeTime) {
    String name = data.first("status", "update.status");
    EventDraft draft = base(data, envelopeTime);
    if ("false".equals(data.get("success"))) {
      draft.status(Status.FAILED, name == null ? "failed" : name);
    } else if (name == null) {
      draft.status(Status.SENT, "sent");
    } else {
      draft.status(STATUSES.of(name), name);
    }
    return CONTENT.fill(withError(draft, data), data);
  }

  private static boolean fromUs(FlatObject data) {
    return "true".equals(data.first("key.fromMe", "message.key.fromMe", "fromMe"));
  }

  private static EventDraft withError(EventDraft draft, FlatObject data) {
    if (draft.status() == Status.FAILED) {
      String title = data.first("error", "error.message", "update.error", "message.error");
      String code = data.first("error.code", "errorCode", "update.messageStubParameters.0");
      if (title != null || code != null) {
        draft.error(Errors.of(code, title));
      }
    }
    return draft;
  }

  /** The fields that all entries have: message, user and time. */
  private static EventDraft base(FlatObject data, @Nullable String envelopeTime) {
    EventDraft draft = new EventDraft().channel("WHATSAPP");
    draft.messageId(data.id(draft, "key.id", "message.key.id", "keyId", "messageId", "id"));
    Long own =
        Timestamps.of(
            draft, data, "messageTimestamp", "update.messageTimestamp", "message.messageTimestamp");
    draft.time(own != null ? own : Timestamps.of(draft, "timestamp", envelopeTime));
    String remote = data.id(draft, "key.remoteJid", "message.key.remoteJid", "remoteJid", "to");
    if (remote != null && remote.endsWith("@g.us")) {
      group(draft, data, remote);
    } else {
      draft.recipient(remote).userId(userOf(draft, data, remote));
    }
    return draft;
  }

  private static void group(EventDraft draft, FlatObject data, String group) {
    String member =
        data.id(
            draft,
            "receipt.userJid",
            "message.receipt.userJid",
            "key.participant",
            "message.key.participant",
            "participant");
    draft.participant(member).recipient(group).attribute(WhatsAppValue.GROUP, group);
    draft.userId(
        member != null && member.endsWith("@lid")
            ? userOf(draft, data, member)
            : UserIds.ofJid(member));
  }

  /** The phone number; for an address that hides it, taken from another field if present. */
  private static @Nullable String userOf(EventDraft draft, FlatObject data, @Nullable String jid) {
    if (jid != null && !jid.endsWith("@lid")) {
      return UserIds.ofJid(jid);
    }
    String number =
        data.id(
            draft,
            "key.cleanedSenderPn",
            "key.senderPn",
            "key.remoteJidAlt",
            "key.participantPn",
            "key.participantAlt",
            "key.cleanedParticipantPn");
    return UserIds.ofJid(number != null ? number : jid);
  }
}
