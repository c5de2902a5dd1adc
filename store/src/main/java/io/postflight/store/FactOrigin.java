package io.postflight.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The event from which facts of a message originate.
 *
 * @param at event_time of the event, epoch milliseconds
 * @param rank ordinal of the event's status
 * @param eventId id of the event
 * @param facts names of the facts, sorted, as in {@link io.postflight.schema.lifecycle.Facts};
 *     {@code error} for the error
 */
public record FactOrigin(long at, int rank, String eventId, List<String> facts) {
  static final Comparator<FactOrigin> ORDER =
      Comparator.comparingLong(FactOrigin::at)
          .thenComparingInt(FactOrigin::rank)
          .thenComparing(FactOrigin::eventId);

  public FactOrigin {
    String[] sorted = facts.toArray(String[]::new);
    Arrays.sort(sorted);
    facts = List.of(sorted);
  }
}
