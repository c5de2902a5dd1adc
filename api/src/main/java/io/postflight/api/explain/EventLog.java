package io.postflight.api.explain;

import io.postflight.schema.event.MessageEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The events of messages as they were delivered, as long as they are kept. */
@FunctionalInterface
public interface EventLog {
  /**
   * The deliveries of a message's events.
   *
   * @param events in the order of arrival
   * @param complete whether they are all: none is deleted yet, and the search ended in time
   */
  record Deliveries(List<MessageEvent> events, boolean complete) {
    /** Copies the list. */
    public Deliveries {
      events = List.copyOf(events);
    }
  }

  /**
   * Finds the deliveries of a message's events.
   *
   * @param since when the first may have arrived, epoch milliseconds
   * @return fails if Kafka is unavailable
   */
  CompletableFuture<Deliveries> of(String tenant, String messageId, long since);
}
