package io.postflight.store;

/**
 * The last event of one type of a user.
 *
 * @param event the event
 */
public record LatestItem(TimelineItem event) {
  /** The type it is the last of. */
  public String type() {
    return event.type();
  }
}
