package io.postflight.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row with the latest event of a type. The event is a single cell: two events of one type can
 * have the same write timestamp, and separate cells would mix the two.
 */
public final class LatestRow extends Row {
  private final TimelineItem event;

  /**
   * Creates a row, whose write timestamp is the anchor.
   *
   * @param partition its partition
   * @param event the event
   * @param anchor start of its retention, epoch milliseconds
   */
  public LatestRow(PartitionKey partition, TimelineItem event, long anchor) {
    super(new RowKey(partition, 0, event.type()), anchor * 1000, anchor, cells(event));
    this.event = event;
  }

  /** The event. */
  public TimelineItem event() {
    return event;
  }

  @Override
  public String describe() {
    return "latest %s of tenant %s, user %s: event %s at %d"
        .formatted(
            event.type(),
            partition().tenant(),
            partition().subject(),
            event.eventId(),
            event.eventTime());
  }

  /** The column with the event. */
  public static Map<String, @Nullable Object> cells(TimelineItem event) {
    return Map.of("event", event);
  }
}
