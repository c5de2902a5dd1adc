package io.postflight.store;

import java.util.Comparator;

/**
 * Where the last event of a type stands in a partition of a timeline.
 *
 * @param anchorMicros the event's anchor, microseconds: the greatest is the last one
 * @param eventTime the event's time, epoch milliseconds
 * @param eventId the event's id
 * @param writtenMicros write timestamp of the pointer, microseconds: the anchor, or later if an
 *     erasure has moved it
 */
public record EventPointer(long anchorMicros, long eventTime, String eventId, long writtenMicros) {
  /** From the oldest event to the last one. */
  public static final Comparator<EventPointer> ORDER =
      Comparator.comparingLong(EventPointer::anchorMicros)
          .thenComparingLong(EventPointer::eventTime)
          .thenComparing(EventPointer::eventId);

  /** The later of two. */
  public static EventPointer later(EventPointer a, EventPointer b) {
    return ORDER.compare(a, b) >= 0 ? a : b;
  }
}
