package io.postflight.store;

import java.util.List;

/**
 * A user's last event of each type, or of one.
 *
 * @param events sorted by type
 * @param unknown types of which the timeline may have a later or another event, which has to be
 *     searched there: the last one is deleted, its pointer was moved, or the requested type has
 *     none
 */
public record LatestEvents(List<TimelineItem> events, List<String> unknown) {
  /** Copies the lists. */
  public LatestEvents {
    events = List.copyOf(events);
    unknown = List.copyOf(unknown);
  }
}
