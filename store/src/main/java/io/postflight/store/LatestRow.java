package io.postflight.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as the last of its type, unless a later one is there. The event is one single cell: two
 * events of one type can share an anchor, and cells of their own would mix the two.
 *
 * @param partition where it belongs
 * @param event the event
 * @param anchor when its life began, epoch milliseconds
 */
public record LatestRow(PartitionKey partition, TimelineItem event, long anchor) implements Row {
  /** {@inheritDoc} The anchor. */
  @Override
  public long writeTimestampMicros() {
    return anchor * 1000;
  }

  @Override
  public long expiryAnchorMillis() {
    return anchor;
  }

  @Override
  public int sizeBytes() {
    return 20
        + Size.of(partition.tenant())
        + Size.of(partition.subject())
        + Size.of(event.type())
        + Size.of(event);
  }

  @Override
  public String describe() {
    return "latest %s of tenant %s, user %s: event %s at %d"
        .formatted(
            event.type(),
            partition.tenant(),
            partition.subject(),
            event.eventId(),
            event.eventTime());
  }

  @Override
  public Map<String, @Nullable Object> cells() {
    return cells(event);
  }

  /** The one column that tells of an event. */
  public static Map<String, @Nullable Object> cells(TimelineItem event) {
    return Map.of("event", event);
  }
}
