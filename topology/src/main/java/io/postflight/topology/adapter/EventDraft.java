package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data that an adapter found in one entry of a body; mutable, filled in while parsing. Absent
 * and empty values are equivalent. Times are the provider's own, unclamped.
 *
 * <p>Attributes chosen by an adapter are truncated to the allowed length, so that a long caption
 * does not cause the status to be rejected.
 */
public final class EventDraft {
  /** Maximum number of attributes of an event. */
  public static final int MAX_ATTRIBUTES = 64;

  /** Maximum characters of an attribute's name. */
  public static final int MAX_ATTRIBUTE_NAME = 128;

  /** Maximum characters of an attribute's value. */
  public static final int MAX_ATTRIBUTE_VALUE = 4096;

  /** Maximum number of aliases of an event. */
  public static final int MAX_ALIASES = 8;

  private @Nullable String messageId;
  private @Nullable String userId;
  private @Nullable List<String> aliases;
  private List<String> formerIds = List.of();
  private @Nullable String participant;
  private @Nullable String ownEventId;
  private @Nullable String type;
  private String channel = "OTHER";
  private Direction direction = Direction.OUTBOUND;
  private @Nullable Status status;
  private @Nullable String providerStatus;
  private @Nullable Long time;
  private boolean localTime;
  private @Nullable EventError error;
  private @Nullable Price price;
  private @Nullable String sender;
  private @Nullable String recipient;
  private @Nullable String body;
  private @Nullable Map<String, String> attributes;
  private @Nullable RejectionReason rejectionReason;
  private @Nullable String rejectionDetail;

  /** A draft of a rejected entry. */
  public static EventDraft rejected(RejectionReason reason, String detail) {
    EventDraft draft = new EventDraft();
    draft.reject(reason, detail);
    return draft;
  }

  /** Rejects this entry; the first reason is kept. */
  public void reject(RejectionReason reason, String detail) {
    if (rejectionReason == null) {
      rejectionReason = reason;
      rejectionDetail = detail;
    }
  }

  public @Nullable RejectionReason rejectionReason() {
    return rejectionReason;
  }

  public @Nullable String rejectionDetail() {
    return rejectionDetail;
  }

  public @Nullable String messageId() {
    return messageId;
  }

  public EventDraft messageId(@Nullable String value) {
    messageId = value;
    return this;
  }

  public @Nullable String userId() {
    return userId;
  }

  /** The person that the message was exchanged with; normalized when the event is assembled. */
  public EventDraft userId(@Nullable String value) {
    userId = value == null || value.isBlank() ? null : value;
    return this;
  }

  /** Other ids of the same person; must not be modified. */
  public List<String> aliases() {
    return aliases == null ? List.of() : aliases;
  }

  /**
   * Adds another id of the person in {@link #userId}, as far as the payload itself states it; an
   * absent one and those above {@link #MAX_ALIASES} are ignored.
   */
  public EventDraft alias(@Nullable String value) {
    if (value != null && !value.isBlank()) {
      if (aliases == null) {
        aliases = new ArrayList<>(2);
      }
      if (aliases.size() < MAX_ALIASES && !aliases.contains(value)) {
        aliases.add(value);
      }
    }
    return this;
  }

  /** Those of user and aliases that the person has left with this event; must not be modified. */
  public List<String> formerIds() {
    return formerIds;
  }

  /** Adds an id that the person has left, such as the number before a change; null is ignored. */
  public EventDraft formerId(@Nullable String value) {
    if (value != null && !value.isBlank()) {
      List<String> more = new ArrayList<>(formerIds);
      more.add(value);
      formerIds = more;
    }
    return this;
  }

  /** Removes user and aliases: the ids are not those of the person on the other side. */
  public EventDraft nobody() {
    userId = null;
    aliases = null;
    formerIds = List.of();
    return this;
  }

  public @Nullable String participant() {
    return participant;
  }

  /** The member of a group that the status belongs to; part of the event's identity. */
  public EventDraft participant(@Nullable String value) {
    participant = value;
    return this;
  }

  public @Nullable String ownEventId() {
    return ownEventId;
  }

  /** The provider's own id of the event, the same for redeliveries. */
  public EventDraft ownEventId(@Nullable String value) {
    ownEventId = value;
    return this;
  }

  public @Nullable String type() {
    return type;
  }

  /** Type of the user's action; for {@code ACTION} only. */
  public EventDraft type(@Nullable String value) {
    type = value;
    return this;
  }

  public String channel() {
    return channel;
  }

  public EventDraft channel(String value) {
    channel = value;
    return this;
  }

  public Direction direction() {
    return direction;
  }

  public EventDraft direction(Direction value) {
    direction = value;
    return this;
  }

  public @Nullable Status status() {
    return status;
  }

  public @Nullable String providerStatus() {
    return providerStatus;
  }

  /**
   * The status that the event reports.
   *
   * @param value null if the provider's status is unknown
   * @param provided the provider's status, unchanged; null if it sent none
   */
  public EventDraft status(@Nullable Status value, @Nullable String provided) {
    status = value;
    providerStatus = provided;
    return this;
  }

  /** The status that the event implies, if the provider sent none. */
  public EventDraft status(Status value) {
    return status(value, null);
  }

  public @Nullable Long time() {
    return time;
  }

  /** The provider's time, epoch milliseconds; null if missing or invalid. */
  public EventDraft time(@Nullable Long value) {
    time = value;
    return this;
  }

  /** Whether {@link #time} may be the local time of an unknown zone. */
  public boolean localTime() {
    return localTime;
  }

  /**
   * A time that is marked as UTC and may be that of another zone. It identifies the event, whose
   * time is that of its arrival: of a late webhook the zone cannot be concluded, and a duplicate
   * must not conclude another one.
   */
  public EventDraft localTime(@Nullable Long value) {
    time = value;
    localTime = true;
    return this;
  }

  public @Nullable EventError error() {
    return error;
  }

  public EventDraft error(@Nullable EventError value) {
    error = value;
    return this;
  }

  public @Nullable Price price() {
    return price;
  }

  public EventDraft price(@Nullable Price value) {
    price = value;
    return this;
  }

  public @Nullable String sender() {
    return sender;
  }

  public EventDraft sender(@Nullable String value) {
    sender = value;
    return this;
  }

  public @Nullable String recipient() {
    return recipient;
  }

  public EventDraft recipient(@Nullable String value) {
    recipient = value;
    return this;
  }

  public @Nullable String body() {
    return body;
  }

  public EventDraft body(@Nullable String value) {
    body = value;
    return this;
  }

  /** The attributes so far; must not be modified. */
  public Map<String, String> attributes() {
    return attributes == null ? Map.of() : attributes;
  }

  /** Characters of the texts that several entries of a body can share: body and attributes. */
  public long textChars() {
    long chars = body == null ? 0 : body.length();
    for (String value : attributes().values()) {
      chars += value.length();
    }
    return chars;
  }

  /**
   * Adds an attribute; an absent or empty value is ignored, a long one truncated. The name is
   * chosen by the adapter.
   */
  public EventDraft attribute(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return this;
    }
    if (attributes == null) {
      attributes = new LinkedHashMap<>();
    }
    if (attributes.size() < MAX_ATTRIBUTES) {
      attributes.put(name, truncated(value));
    }
    return this;
  }

  private static String truncated(String value) {
    if (value.length() <= MAX_ATTRIBUTE_VALUE) {
      return value;
    }
    int end = MAX_ATTRIBUTE_VALUE - 1;
    if (Character.isHighSurrogate(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(0, end) + '…';
  }
}
