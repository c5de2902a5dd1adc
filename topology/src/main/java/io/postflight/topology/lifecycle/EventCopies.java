package io.postflight.topology.lifecycle;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies of an event with some fields changed or removed. */
final class EventCopies {
  private EventCopies() {}

  /** The event with another time, that of its first delivery. */
  static MessageEvent at(MessageEvent event, long eventTime, EventTimeSource source) {
    return event.getEventTime() == eventTime && event.getEventTimeSource() == source
        ? event
        : new MessageEvent(
            event.getTenant(),
            event.getMessageId(),
            event.getEventId(),
            event.getUserId(),
            event.getType(),
            event.getProvider(),
            event.getChannel(),
            event.getDirection(),
            event.getStatus(),
            event.getProviderStatus(),
            eventTime,
            source,
            event.getReceivedAt(),
            event.getError(),
            event.getPrice(),
            event.getSender(),
            event.getRecipient(),
            event.getBody(),
            event.getAttributes(),
            event.getRaw(),
            event.getAliases(),
            event.getFormerIds());
  }

  /**
   * The part of a message's event that a timeline stores, with its user. Body, addresses and
   * attributes are stored with the message; sending them here as well would double the size of the
   * tier's topic.
   *
   * @param aliases other ids of the person that the row needs
   * @param redacted redacted fields of the message
   */
  static MessageEvent forTimeline(
      MessageEvent event, @Nullable String user, List<String> aliases, List<String> redacted) {
    return new MessageEvent(
        event.getTenant(),
        event.getMessageId(),
        event.getEventId(),
        user,
        event.getType(),
        event.getProvider(),
        event.getChannel(),
        event.getDirection(),
        event.getStatus(),
        event.getProviderStatus(),
        event.getEventTime(),
        event.getEventTimeSource(),
        event.getReceivedAt(),
        redacted.contains(Facts.ERROR) ? null : event.getError(),
        redacted.contains(Facts.PRICE) ? null : event.getPrice(),
        null,
        null,
        null,
        Map.of(),
        event.getRaw(),
        aliases,
        List.of());
  }

  /**
   * Status, time and user only: no field whose size is chosen by the sender. Of an edit its time
   * remains, of a revocation all that counts.
   */
  static MessageEvent essentials(MessageEvent event) {
    return new MessageEvent(
        event.getTenant(),
        event.getMessageId(),
        event.getEventId(),
        event.getUserId(),
        event.getType(),
        event.getProvider(),
        event.getChannel(),
        event.getDirection(),
        event.getStatus(),
        Edits.isEdit(event) || Edits.isRevocation(event) ? event.getProviderStatus() : null,
        event.getEventTime(),
        event.getEventTimeSource(),
        event.getReceivedAt(),
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        List.of(),
        List.of());
  }

  /**
   * Only who the user is, as an annotation, which adds no status.
   *
   * @see EventDecision.DecisionKind#ONLY_USER
   */
  static MessageEvent onlyUser(MessageEvent event) {
    String group = event.getAttributes().get(Facts.GROUP);
    return MessageEvent.newBuilder(essentials(event))
        .setStatus(Status.ANNOTATION)
        .setProviderStatus(null)
        .setAttributes(group == null ? Map.of() : Map.of(Facts.GROUP, group))
        .setAliases(event.getAliases())
        .build();
  }
}
