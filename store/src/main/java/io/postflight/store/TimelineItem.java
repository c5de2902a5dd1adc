package io.postflight.store;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a timeline keeps of an event.
 *
 * @param eventTime when it happened, epoch milliseconds
 * @param eventId the event's id
 * @param type {@code message.<status>}, or an action's word
 * @param messageId the message; null for an action
 * @param status what the event says about the message
 * @param provider provider as in the webhook's address
 * @param providerStatus the provider's own word, if any
 * @param channel WHATSAPP, SMS, ...
 * @param direction seen from the tenant
 * @param errorCode the provider's error code, if any
 * @param eventTimeSource where eventTime comes from
 * @param attributes of an action; empty for a message's event
 */
public record TimelineItem(
    long eventTime,
    String eventId,
    String type,
    @Nullable String messageId,
    Status status,
    String provider,
    @Nullable String providerStatus,
    String channel,
    Direction direction,
    @Nullable String errorCode,
    EventTimeSource eventTimeSource,
    Map<String, String> attributes) {

  public TimelineItem {
    attributes = Map.copyOf(attributes);
  }

  /** What a timeline keeps of an event: never body, sender, recipient or arrival. */
  public static TimelineItem of(MessageEvent event) {
    return new TimelineItem(
        event.getEventTime(),
        event.getEventId(),
        event.getType(),
        event.getMessageId(),
        event.getStatus(),
        event.getProvider(),
        event.getProviderStatus(),
        event.getChannel(),
        event.getDirection(),
        event.getError() == null ? null : event.getError().getCode(),
        event.getEventTimeSource(),
        event.getStatus() == Status.ACTION ? event.getAttributes() : Map.of());
  }

  /** Where it stands in a timeline. */
  public Position position() {
    return new Position(eventTime, eventId);
  }

  /** The same without the provider's error code. */
  public TimelineItem withoutError() {
    return new TimelineItem(
        eventTime,
        eventId,
        type,
        messageId,
        status,
        provider,
        providerStatus,
        channel,
        direction,
        null,
        eventTimeSource,
        attributes);
  }
}
