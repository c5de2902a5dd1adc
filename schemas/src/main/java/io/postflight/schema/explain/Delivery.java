package io.postflight.schema.explain;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of an event of a message: what its explanation needs.
 *
 * @param eventTime epoch milliseconds
 * @param receivedAt epoch milliseconds; null: unknown, only the event's row is known
 * @param price null: none, or unknown
 */
public record Delivery(
    String eventId,
    Status status,
    @Nullable String providerStatus,
    long eventTime,
    @Nullable Long receivedAt,
    @Nullable Price price) {

  /** As it was delivered. */
  public static Delivery of(MessageEvent event) {
    return new Delivery(
        event.getEventId(),
        event.getStatus(),
        event.getProviderStatus(),
        event.getEventTime(),
        event.getReceivedAt(),
        event.getPrice());
  }
}
