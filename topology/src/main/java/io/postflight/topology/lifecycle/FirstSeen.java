package io.postflight.topology.lifecycle;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.state.FirstTime;
import io.postflight.schema.state.LifecycleState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Anchor and event time of the first delivery of each event of a message. Both are part of the
 * event's rows, and both may depend on the clock of the gateway that received it: an event without
 * a time, or with an implausible one, is given its time of arrival. A duplicate, which may have
 * been received by another clock, is therefore forwarded with the values of the first delivery, and
 * ends in the same rows.
 *
 * @param anchors by event_id, of at most {@link LifecycleReducer#MAX_ANCHORS} events
 * @param times by event_id, of those whose event time cannot be derived from the anchor: few, which
 *     keeps the state small
 */
record FirstSeen(Map<String, Long> anchors, Map<String, FirstTime> times) {
  static FirstSeen of(LifecycleState state) {
    return new FirstSeen(state.getAnchors(), state.getFirstTimes());
  }

  /** The anchor of an event's first delivery; null: the event is new, or is not remembered. */
  @Nullable Long anchorOf(String eventId) {
    return anchors.get(eventId);
  }

  /** A duplicate, with the time of the first delivery. */
  MessageEvent asFirstSeen(MessageEvent repetition, long anchor) {
    FirstTime first = times.get(repetition.getEventId());
    if (first != null) {
      return EventCopies.at(repetition, first.getEventTime(), first.getSource());
    }
    boolean timeless = repetition.getEventTimeSource() == EventTimeSource.ARRIVAL;
    return EventCopies.at(
        repetition, anchor, timeless ? EventTimeSource.ARRIVAL : EventTimeSource.PROVIDER);
  }

  /** Adds an event that is seen for the first time; unchanged if the limit is reached. */
  FirstSeen with(MessageEvent event, long anchor, Set<TransitionFlag> flags) {
    if (anchors.size() >= LifecycleReducer.MAX_ANCHORS) {
      flags.add(TransitionFlag.ANCHORS_EXHAUSTED);
      return this;
    }
    Map<String, Long> more = new HashMap<>(anchors);
    more.put(event.getEventId(), anchor);
    boolean anchorSuffices =
        event.getEventTime() == anchor && event.getEventTimeSource() != EventTimeSource.CLAMPED;
    if (anchorSuffices) {
      return new FirstSeen(more, times);
    }
    Map<String, FirstTime> moreTimes = new HashMap<>(times);
    moreTimes.put(
        event.getEventId(), new FirstTime(event.getEventTime(), event.getEventTimeSource()));
    return new FirstSeen(more, moreTimes);
  }
}
