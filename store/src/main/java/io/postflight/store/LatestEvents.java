package io.postflight.store;

import java.util.List;

/**
 * A user's last event of each type, or of one.
 *
 * @param events sorted by type
 * @param deleted types whose last event has been deleted: the timeline may have an earlier one
 */
public record LatestEvents(List<TimelineItem> events, List<String> deleted) {
  /** Copies the lists. */
  public LatestEvents {
    events = List.copyOf(events);
    deleted = List.copyOf(deleted);
  }
}
