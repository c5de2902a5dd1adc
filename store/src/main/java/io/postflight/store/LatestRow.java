package io.postflight.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row with the latest event of a type. The event is a single cell: two events of one type can
 * have the same write timestamp, and separate cells would mix the two.
 *
 * @param partition its partition
 * @param event the event
 * @param anchor start of its retention, epoch milliseconds
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
        + ByteSize.of(partition.tenant())
        + ByteSize.of(partition.subject())
        + ByteSize.of(event.type())
        + ByteSize.of(event);
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

  /** The column with the event. */
  public static Map<String, @Nullable Object> cells(TimelineItem event) {
    return Map.of("event", event);
  }
}
