package io.postflight.store;

/**
 * The last event of one type of a user.
 *
 * @param event the event
 */
public record LatestItem(TimelineItem event) {
  /** The event's type. */
  public String type() {
    return event.type();
  }
}
