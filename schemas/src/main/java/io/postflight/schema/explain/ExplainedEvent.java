package io.postflight.schema.explain;

import io.postflight.schema.event.Status;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of an event, and what became of it.
 *
 * @param eventId id of the event; that of a duplicate occurs several times
 * @param status that it reports
 * @param providerStatus the provider's word; null: none
 * @param eventTime epoch milliseconds
 * @param receivedAt when it arrived, epoch milliseconds; null: only its row is known
 * @param outcome what became of it
 * @param detail why, human-readable; names other events by their ids
 */
public record ExplainedEvent(
    String eventId,
    Status status,
    @Nullable String providerStatus,
    long eventTime,
    @Nullable Long receivedAt,
    EventOutcome outcome,
    String detail) {

  /** What became of a delivery. */
  public enum EventOutcome {
    /** At least one fact of the message stems from it. */
    APPLIED,
    /** The same event was delivered before. */
    DUPLICATE,
    /** Other events have the facts that it has. */
    SUPERSEDED,
    /** It does not advance the lifecycle. */
    ANNOTATION
  }
}
