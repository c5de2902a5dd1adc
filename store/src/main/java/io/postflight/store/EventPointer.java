package io.postflight.store;

import io.postflight.schema.event.Status;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the last event of a type stands in a partition of a timeline.
 *
 * @param type the event's type
 * @param anchorMicros the event's anchor, microseconds: the greatest is the last one
 * @param eventTime the event's time, epoch milliseconds
 * @param eventId the event's id
 * @param writtenMicros write timestamp of the pointer, microseconds: the anchor, or later if an
 *     erasure has moved it
 */
public record EventPointer(
    String type, long anchorMicros, long eventTime, String eventId, long writtenMicros) {
  /** From the oldest event to the last one. */
  public static final Comparator<EventPointer> ORDER =
      Comparator.comparingLong(EventPointer::anchorMicros)
          .thenComparingLong(EventPointer::eventTime)
          .thenComparing(EventPointer::eventId);

  private static final Set<String> MESSAGE_TYPES =
      Arrays.stream(Status.values())
          .map(status -> "message." + status.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  /** Slots of types of actions: a partition's pointers are read as one value. */
  private static final int ACTION_SLOTS = 4096;

  /** The later of two. */
  public static EventPointer later(EventPointer a, EventPointer b) {
    return ORDER.compare(a, b) >= 0 ? a : b;
  }

  /**
   * The slot of a type in a partition, which holds one pointer. Types of messages have a slot each;
   * those of actions, which a tenant invents, share {@value #ACTION_SLOTS}.
   */
  public static String slot(String type) {
    return MESSAGE_TYPES.contains(type)
        ? type
        : "action." + Math.floorMod(type.hashCode(), ACTION_SLOTS);
  }

  /** Whether an erasure has moved it: an event that was written since may be later. */
  public boolean isMoved() {
    return writtenMicros != anchorMicros;
  }

  /** The key of the event to which it leads. */
  public RowKey target(PartitionKey partition) {
    return new RowKey(partition, eventTime, eventId);
  }
}
