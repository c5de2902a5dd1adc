package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of WASenderApi, Baileys or Evolution.
 *
 * <p>A status counts as that of an outbound message even if {@code fromMe} is false: some servers
 * set this for messages that they sent. But a message that is not from us is read by us, so its
 * READ is an annotation. An inbound message is identified by its own event.
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

  private static final String[] TIMES = {
    "messageTimestamp",
    "update.messageTimestamp",
    "message.messageTimestamp",
    "datetime",
    "update.datetime",
    "timestampMs"
  };

  private static final String[] MESSAGE_IDS = {
    "key.id", "message.key.id", "keyId", "messageId", "id"
  };

  private static final String[] STATUS = {"update.status", "status"};

  private static final String CONTROL_TRAFFIC = "the entry is control traffic of the client";

  /** Types of a protocol message, and of a stub, that revoke a message. */
  private static final Set<String> REVOKE_TYPES = Set.of("REVOKE", "0");

  private static final Set<String> REVOKE_STUBS = Set.of("REVOKE", "1");
  private static final Set<String> EDIT_TYPES = Set.of("MESSAGE_EDIT", "14");
  private static final Set<String> ENCRYPTED_EDIT_TYPES = Set.of("MESSAGE_EDIT", "2");

  /**
   * The fields of a webhook around its entries.
   *
   * @param event name of the event, in lower case with dots
   * @param timestamp as text, used for entries without a time
   * @param dateTime as text, if there is no other: local time that Evolution marks as UTC
   * @param ownAddress of the business, if it is known
   */
  record Envelope(
      String event,
      @Nullable String timestamp,
      @Nullable String dateTime,
      @Nullable String ownAddress) {}

  /** Whether entries of the event may have keys of several messages. */
  static boolean isDeletion(String event) {
    return event.equals("messages.delete") || event.equals("messages.deleted");
  }

  /** Reads an entry. */
  void read(Envelope envelope, FlatObject data, Entries entries) throws IOException {
    switch (envelope.event()) {
      case "messages.update", "message.update", "message.status" -> update(data, envelope, entries);
      case "message-receipt.update", "message.receipt.update" -> receipts(data, envelope, entries);
      case "messages.upsert",
          "messages.received",
          "messages-personal.received",
          "messages-group.received" ->
          entries.add(message(data, envelope));
      case "message.sent", "send.message" -> entries.add(sent(data, envelope));
      case "messages.edited", "message.edited", "send.message.update" ->
          entries.add(edited(data, envelope));
      case "messages.delete", "messages.deleted", "message.deleted" ->
          entries.add(deleted(data, envelope));
      case "messages.reaction" ->
          entries.add(
              base(data, envelope)
                  .status(Status.ANNOTATION, "reaction")
                  .attribute("emoji", data.get("reaction.text")));
      default -> entries.add(unsupported("the event does not concern a message"));
    }
  }

  private static EventDraft unsupported(String detail) {
    return EventDraft.rejected(RejectionReason.UNSUPPORTED_EVENT, detail);
  }

  /**
   * A status, a new text or a revocation; an update may report a change and a status. Evolution
   * states a status in each update, {@code SERVER_ACK} if the client has none.
   */
  private static void update(FlatObject data, Envelope envelope, Entries entries)
      throws IOException {
    EventDraft change = changeIn(data, envelope);
    String name = data.first(STATUS);
    if (change == null) {
      entries.add(status(data, envelope));
      return;
    }
    entries.add(change);
    boolean filler = data.get("keyId") != null && "SERVER_ACK".equals(name);
    if (name != null && !filler) {
      entries.add(status(data, envelope));
    }
  }

  private static @Nullable EventDraft changeIn(FlatObject data, Envelope envelope) {
    String stub = data.first("update.messageStubType", "messageStubType");
    if (stub != null && REVOKE_STUBS.contains(stub)) {
      return change(base(data, envelope), Edits.REVOKE, data);
    }
    String message = data.has("update.message") ? "update.message" : "message";
    WasenderContent content = WasenderContent.of(data.at(message));
    return content.edited() ? edit(data, envelope, content) : null;
  }

  private static EventDraft status(FlatObject data, Envelope envelope) {
    EventDraft draft = base(data, envelope);
    String name = data.first(STATUS);
    if (name == null) {
      draft.reject(RejectionReason.UNSUPPORTED_EVENT, "the update has no status");
    }
    Status status = STATUSES.of(name);
    boolean ours =
        status == Status.READ
            || status == Status.PLAYED
            || (data.get("keyId") != null && (status == Status.DELIVERED || status == Status.SENT));
    if (ours && isFromThem(data)) {
      WasenderPeople.author(draft, false);
      return draft.status(Status.ANNOTATION, name).direction(Direction.INBOUND);
    }
    return withError(draft.status(status, name), data);
  }

  /**
   * A receipt with several times is several events. A receipt with a number instead of times is
   * parsed like a status.
   */
  private static void receipts(FlatObject data, Envelope envelope, Entries entries)
      throws IOException {
    boolean any = false;
    any |= receipt(data, envelope, "receiptTimestamp", Status.DELIVERED, entries);
    any |= receipt(data, envelope, "readTimestamp", Status.READ, entries);
    any |= receipt(data, envelope, "playedTimestamp", Status.PLAYED, entries);
    if (!any) {
      String name = data.first(STATUS);
      EventDraft draft = base(data, envelope);
      if (name == null) {
        draft.reject(RejectionReason.UNSUPPORTED_EVENT, "the receipt has no status");
      }
      entries.add(withError(draft.status(STATUSES.of(name), name), data));
    }
  }

  private static boolean receipt(
      FlatObject data, Envelope envelope, String name, Status status, Entries entries)
      throws IOException {
    String path = "receipt." + name;
    String inMessage = "message." + path;
    String time = data.first(path, inMessage, path + ".low", inMessage + ".low");
    boolean absent = time == null && !data.isStructure(path) && !data.isStructure(inMessage);
    if (absent || "0".equals(time)) {
      return false;
    }
    EventDraft draft = identified(data, envelope);
    if (isFromThem(data)) {
      draft.status(Status.ANNOTATION, name).direction(Direction.INBOUND).recipient(null);
    } else {
      draft.status(status, name);
    }
    entries.add(draft.time(Timestamps.of(draft, data, path, inMessage)));
    return true;
  }

  private static EventDraft message(FlatObject data, Envelope envelope) {
    WasenderContent content = WasenderContent.of(data.at("message"));
    if (content.isControl()) {
      return control(data, envelope, content);
    }
    String stub = data.get("messageStubType");
    if (stub != null && content.kind() == null) {
      return REVOKE_STUBS.contains(stub)
          ? change(base(data, envelope), Edits.REVOKE, data)
          : unsupported("the entry is a notice of the group or of the client");
    }
    if (isFromUs(data)) {
      return sent(data, envelope);
    }
    EventDraft draft = base(data, envelope).status(Status.RECEIVED).direction(Direction.INBOUND);
    WasenderPeople.author(draft, false);
    draft = content.fill(draft, data).attribute("profileName", data.get("pushName"));
    return draft.error(Errors.of(data, "errors", "message.errors"));
  }

  /** Edits and revocations travel as control traffic, which otherwise is no message. */
  private static EventDraft control(FlatObject data, Envelope envelope, WasenderContent control) {
    FlatObject content = control.content();
    String change = WasenderKinds.PROTOCOL.equals(control.kind()) ? changeOf(content) : null;
    if (Edits.REVOKE.equals(change)) {
      return original(change(base(data, envelope), Edits.REVOKE, data), content, "key.id");
    }
    if (change != null) {
      WasenderContent text = WasenderContent.of(content.at(WasenderKinds.EDITED));
      return original(edit(data, envelope, text), content, "key.id");
    }
    String encrypted = content.get("secretEncType");
    if (encrypted != null && ENCRYPTED_EDIT_TYPES.contains(encrypted)) {
      return original(
          change(base(data, envelope), Edits.EDIT, data), content, "targetMessageKey.id");
    }
    return unsupported(CONTROL_TRAFFIC);
  }

  /** What a protocol message does to the message of its key; null: neither edit nor revocation. */
  private static @Nullable String changeOf(FlatObject protocol) {
    String type = protocol.get("type");
    boolean keyOnly = type == null && protocol.has("key") && protocol.names().size() == 1;
    if (keyOnly || (type != null && REVOKE_TYPES.contains(type))) {
      return Edits.REVOKE;
    }
    boolean edit = type == null ? protocol.has(WasenderKinds.EDITED) : EDIT_TYPES.contains(type);
    return edit ? Edits.EDIT : null;
  }

  /** A message that changes another one: an event of that one, identified by its own id. */
  private static EventDraft original(EventDraft draft, FlatObject content, String path) {
    return draft.ownEventId(draft.messageId()).messageId(content.id(draft, path));
  }

  /** A message with its new text or, from Evolution, any protocol message without its message. */
  private static EventDraft edited(FlatObject data, Envelope envelope) {
    WasenderContent content = WasenderContent.of(data.at("message"));
    if (content.isControl()) {
      return control(data, envelope, content);
    }
    return content.kind() == null ? protocol(data, envelope) : edit(data, envelope, content);
  }

  /** A protocol message, whose key is that of the original as the author of the change sees it. */
  private static EventDraft protocol(FlatObject data, Envelope envelope) {
    String change = changeOf(data);
    if (change == null) {
      return unsupported(CONTROL_TRAFFIC);
    }
    EventDraft draft = new EventDraft().channel("WHATSAPP").status(Status.ANNOTATION, change);
    draft.messageId(data.id(draft, MESSAGE_IDS));
    time(draft, data, envelope);
    WasenderPeople.ofAuthorsKey(draft, data, isFromUs(data), envelope.ownAddress());
    WasenderContent text = WasenderContent.of(data.at(WasenderKinds.EDITED));
    return text.kind() == null ? draft : text.fill(draft, FlatObject.EMPTY);
  }

  private static EventDraft edit(FlatObject data, Envelope envelope, WasenderContent content) {
    EventDraft draft = change(base(data, envelope), Edits.EDIT, data);
    return content.kind() == null ? draft : content.fill(draft, FlatObject.EMPTY);
  }

  /** An annotation of the original message, whose author made the change. */
  private static EventDraft change(EventDraft draft, String change, FlatObject data) {
    boolean fromUs = isFromUs(data);
    WasenderPeople.author(draft, fromUs);
    return draft
        .status(Status.ANNOTATION, change)
        .direction(fromUs ? Direction.OUTBOUND : Direction.INBOUND);
  }

  /** A message that was deleted; its entry may be its key. */
  private static EventDraft deleted(FlatObject data, Envelope envelope) {
    return Booleans.isTrue(data.get("all"))
        ? unsupported("all messages of a chat were deleted, and none is named")
        : change(base(data, envelope), Edits.REVOKE, data);
  }

  /** An outbound message, reported by the phone or by the server that sent it. */
  private static EventDraft sent(FlatObject data, Envelope envelope) {
    WasenderContent content = WasenderContent.of(data.at("message"));
    if (content.isControl()) {
      return control(data, envelope, content);
    }
    String name = data.first("status", "update.status");
    EventDraft draft = base(data, envelope);
    WasenderPeople.author(draft, true);
    if (Booleans.isFalse(data.get("success"))) {
      draft.status(Status.FAILED, name == null ? "failed" : name);
    } else if (name == null) {
      draft.status(Status.SENT, "sent");
    } else {
      draft.status(STATUSES.of(name), name);
    }
    return content.fill(withError(draft, data), data);
  }

  private static @Nullable String fromMe(FlatObject data) {
    return data.first("key.fromMe", "message.key.fromMe", "fromMe");
  }

  private static boolean isFromUs(FlatObject data) {
    return Booleans.isTrue(fromMe(data));
  }

  private static boolean isFromThem(FlatObject data) {
    return Booleans.isFalse(fromMe(data));
  }

  private static EventDraft withError(EventDraft draft, FlatObject data) {
    if (draft.status() == Status.FAILED) {
      EventError error =
          Errors.of(
              data,
              "errors",
              "error",
              "update.errors",
              "update.error",
              "message.errors",
              "message.error");
      String title = data.first("error", "update.error", "message.error", "errorMessage", "reason");
      String code =
          data.first("errorCode", "update.messageStubParameters.0", "messageStubParameters.0");
      if (error != null) {
        draft.error(error);
      } else if (title != null || code != null) {
        draft.error(Errors.of(code, title));
      }
    }
    return draft;
  }

  /** The fields that all entries have: message, people and time. */
  private static EventDraft base(FlatObject data, Envelope envelope) {
    EventDraft draft = identified(data, envelope);
    time(draft, data, envelope);
    return draft;
  }

  private static EventDraft identified(FlatObject data, Envelope envelope) {
    EventDraft draft = new EventDraft().channel("WHATSAPP");
    draft.messageId(data.id(draft, MESSAGE_IDS));
    WasenderPeople.fill(draft, data, isFromUs(data), envelope.ownAddress());
    return draft;
  }

  private static void time(EventDraft draft, FlatObject data, Envelope envelope) {
    Long own = Timestamps.of(draft, data, TIMES);
    Long sent = own != null ? own : Timestamps.of(draft, "timestamp", envelope.timestamp());
    draft.time(sent);
    if (sent == null && envelope.dateTime() != null) {
      draft.localTime(Timestamps.of(draft, "date_time", envelope.dateTime()));
    }
  }
}
