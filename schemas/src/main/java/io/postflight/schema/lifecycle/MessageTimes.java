package io.postflight.schema.lifecycle;

import io.postflight.schema.message.EventFacts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;

/** Times of a message's events. */
public final class MessageTimes {
  private MessageTimes() {}

  /**
   * The earliest known time of any event of a message's lifecycle, or its creation if that is
   * earlier, epoch milliseconds.
   */
  public static long earliest(MessageRevision message) {
    MessageFacts facts = message.getFacts();
    long earliest = message.getCreatedAt();
    for (long time : facts.getTimes().values()) {
      earliest = Math.min(earliest, time);
    }
    for (EventFacts event : facts.getEvents()) {
      earliest = Math.min(earliest, event.getAt());
    }
    return earliest;
  }
}
