package io.postflight.api.query;

import io.postflight.store.Position;
import io.postflight.store.TimelineItem;

/**
 * An event in the timeline of a person.
 *
 * @param userId the id of the person under which it is stored
 */
record PersonItem(String userId, TimelineItem event) {
  Position position() {
    return event.position();
  }

  String eventId() {
    return event.eventId();
  }
}
