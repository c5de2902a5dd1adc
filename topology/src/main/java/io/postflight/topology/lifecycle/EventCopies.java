package io.postflight.topology.lifecycle;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event in the forms it takes on its way. */
final class EventCopies {
  private EventCopies() {}

  /** The event at another time: that of its first arrival. */
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
            event.getRaw());
  }

  /**
   * What a timeline keeps of a message's event, under its user. Body, addresses and attributes
   * stand in the message; carrying them here as well would double the tier's topic.
   *
   * @param redacted fields that the message has lost
   */
  static MessageEvent forTimeline(
      MessageEvent event, @Nullable String user, List<String> redacted) {
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
        event.getRaw());
  }

  /** Only what a status, its time and its user need: nothing whose size a sender chooses freely. */
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
        null,
        event.getEventTime(),
        event.getEventTimeSource(),
        event.getReceivedAt(),
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null);
  }
}
