package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter found in one entry of a body: a mutable form that is filled in while reading.
 * Absent and empty mean the same. Times are the provider's own, unclamped.
 *
 * <p>Attributes that an adapter chooses itself are cut to what is allowed, since a long caption
 * must not cost the message its status.
 */
public final class EventDraft {
  /** Most attributes an event may have. */
  public static final int MAX_ATTRIBUTES = 64;

  /** Most characters in an attribute's name. */
  public static final int MAX_ATTRIBUTE_NAME = 128;

  /** Most characters in an attribute's value. */
  public static final int MAX_ATTRIBUTE_VALUE = 4096;

  private @Nullable String messageId;
  private @Nullable String userId;
  private @Nullable String participant;
  private @Nullable String ownEventId;
  private @Nullable String type;
  private String channel = "OTHER";
  private Direction direction = Direction.OUTBOUND;
  private @Nullable Status status;
  private @Nullable String providerStatus;
  private @Nullable Long time;
  private @Nullable EventError error;
  private @Nullable Price price;
  private @Nullable String sender;
  private @Nullable String recipient;
  private @Nullable String body;
  private @Nullable Map<String, String> attributes;
  private @Nullable RejectionReason rejectionReason;
  private @Nullable String rejectionDetail;

  /** A draft that is no event. */
  public static EventDraft rejected(RejectionReason reason, String detail) {
    EventDraft draft = new EventDraft();
    draft.reject(reason, detail);
    return draft;
  }

  /** Says that this entry is no event; the first reason given stays. */
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

  /** The person on the other side; normalized when the event is assembled. */
  public EventDraft userId(@Nullable String value) {
    userId = value == null || value.isBlank() ? null : value;
    return this;
  }

  public @Nullable String participant() {
    return participant;
  }

  /** Which member of a group the status is about: tells events of one message apart. */
  public EventDraft participant(@Nullable String value) {
    participant = value;
    return this;
  }

  public @Nullable String ownEventId() {
    return ownEventId;
  }

  /** The provider's own id of the event, stable over redeliveries. */
  public EventDraft ownEventId(@Nullable String value) {
    ownEventId = value;
    return this;
  }

  public @Nullable String type() {
    return type;
  }

  /** What the user did; of an {@code ACTION} only. */
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
   * What the event says about its message.
   *
   * @param value null if the provider's word is not known
   * @param word the provider's word as it came, or null if it gave none
   */
  public EventDraft status(@Nullable Status value, @Nullable String word) {
    status = value;
    providerStatus = word;
    return this;
  }

  public @Nullable Long time() {
    return time;
  }

  /** The provider's time, epoch milliseconds; null if it gave none that can be read. */
  public EventDraft time(@Nullable Long value) {
    time = value;
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

  /** The attributes so far; not to be changed. */
  public Map<String, String> attributes() {
    return attributes == null ? Map.of() : attributes;
  }

  /**
   * Keeps an attribute; an absent or empty value is not kept, one too long is cut. The name is one
   * of the adapter's own.
   */
  public EventDraft attribute(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return this;
    }
    if (attributes == null) {
      attributes = new LinkedHashMap<>();
    }
    if (attributes.size() < MAX_ATTRIBUTES) {
      attributes.put(name, cut(value));
    }
    return this;
  }

  private static String cut(String value) {
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
