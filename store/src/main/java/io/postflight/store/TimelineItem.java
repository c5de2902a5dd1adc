package io.postflight.store;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.Aliases;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event in a timeline.
 *
 * @param eventTime when it happened, epoch milliseconds
 * @param eventId the event's id
 * @param type {@code message.<status>}, or the type of an action
 * @param messageId the message; null for an action
 * @param status status that the event reports
 * @param provider provider as in the webhook's path
 * @param providerStatus the provider's own status, if any
 * @param channel WHATSAPP, SMS, ...
 * @param direction seen from the tenant
 * @param errorCode the provider's error code, if any
 * @param eventTimeSource source of eventTime
 * @param attributes of an action; empty for a message's event
 * @param alias another id of the person, if the user of the timeline may pass to another person
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
    Map<String, String> attributes,
    @Nullable String alias) {

  public TimelineItem {
    attributes = Map.copyOf(attributes);
  }

  /** About how many bytes it has. */
  public long bytes() {
    long bytes = 512;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      bytes += attribute.getKey().length() + attribute.getValue().length();
    }
    return bytes;
  }

  /** Converts an event to its timeline form, without body, sender, recipient and arrival time. */
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
        event.getStatus() == Status.ACTION ? event.getAttributes() : Map.of(),
        Aliases.identifying(event));
  }

  /** Its position in a timeline. */
  public Position position() {
    return new Position(eventTime, eventId);
  }

  /** This item without the provider's error code. */
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
        attributes,
        alias);
  }
}
