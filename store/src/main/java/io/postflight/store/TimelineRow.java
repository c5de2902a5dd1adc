package io.postflight.store;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event in its user's timeline, written together with the pointer to it. The arrival time is not
 * included, so that an event sent twice gives equal rows.
 */
public final class TimelineRow extends Row {
  private final TimelineItem event;

  /**
   * Creates a row, whose write timestamp is the anchor.
   *
   * @param partition its partition
   * @param event the event
   * @param anchor start of its retention, epoch milliseconds
   */
  public TimelineRow(PartitionKey partition, TimelineItem event, long anchor) {
    super(
        new RowKey(partition, event.eventTime(), event.eventId()),
        anchor * 1000,
        anchor,
        cells(event));
    this.event = event;
  }

  /** The event. */
  public TimelineItem event() {
    return event;
  }

  /** The pointer that makes it the last event of its type, unless the partition has a later one. */
  public EventPointer pointer() {
    long anchor = writeTimestampMicros();
    return new EventPointer(event.type(), anchor, event.eventTime(), event.eventId(), anchor);
  }

  @Override
  public String describe() {
    return "timeline of tenant %s, user %s: event %s at %d"
        .formatted(partition().tenant(), partition().subject(), event.eventId(), event.eventTime());
  }

  static Map<String, @Nullable Object> cells(TimelineItem event) {
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    cells.put("type", event.type());
    cells.put("status", event.status().name());
    cells.put("provider", event.provider());
    cells.put("channel", event.channel());
    cells.put("direction", event.direction().name());
    cells.put("event_time_source", event.eventTimeSource().name());
    if (event.messageId() != null) {
      cells.put("message_id", event.messageId());
    }
    if (event.providerStatus() != null) {
      cells.put("provider_status", event.providerStatus());
    }
    if (event.errorCode() != null) {
      cells.put("error_code", event.errorCode());
    }
    if (event.alias() != null) {
      cells.put(Facts.ALIAS, event.alias());
    }
    if (!event.attributes().isEmpty()) {
      cells.put("attributes", event.attributes());
    }
    return cells;
  }

  /** Reads an event from cells: the inverse of {@link Row#cells()} of a {@link TimelineRow}. */
  public static TimelineItem event(
      long eventTime, String eventId, Map<String, ? extends @Nullable Object> cells) {
    CellReader read = new CellReader(cells);
    return new TimelineItem(
        eventTime,
        eventId,
        read.text("type"),
        read.textOrNull("message_id"),
        Status.valueOf(read.text("status")),
        read.text("provider"),
        read.textOrNull("provider_status"),
        read.text("channel"),
        Direction.valueOf(read.text("direction")),
        read.textOrNull("error_code"),
        EventTimeSource.valueOf(read.text("event_time_source")),
        read.texts("attributes"),
        read.textOrNull(Facts.ALIAS));
  }
}
