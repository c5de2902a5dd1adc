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
 * How each event of a life was first told: its anchor, and when it was taken to have happened. Both
 * are part of its rows, and both depend on the gateway's clock of that moment: an event without a
 * time happens when it arrives, and so does one whose time seems absurd. So a repetition, which may
 * arrive by another clock, is passed on as it was first told and ends in the same rows.
 *
 * @param anchors by event_id; the events seen first, at most {@link LifecycleReducer#MAX_ANCHORS}
 * @param times by event_id, of those whose first time was not their anchor by the provider's word
 *     or for want of one: nearly none, which keeps the state small
 */
record FirstSeen(Map<String, Long> anchors, Map<String, FirstTime> times) {
  static FirstSeen of(LifecycleState life) {
    return new FirstSeen(life.getAnchors(), life.getFirstTimes());
  }

  /** The anchor first used for an event; null: it was not told before, or nobody remembers. */
  @Nullable Long anchorOf(String eventId) {
    return anchors.get(eventId);
  }

  /** A repetition of an event that has an anchor, at its first time. */
  MessageEvent asFirstTold(MessageEvent repetition, long anchor) {
    FirstTime first = times.get(repetition.getEventId());
    if (first != null) {
      return EventCopies.at(repetition, first.getEventTime(), first.getSource());
    }
    boolean timeless = repetition.getEventTimeSource() == EventTimeSource.ARRIVAL;
    return EventCopies.at(
        repetition, anchor, timeless ? EventTimeSource.ARRIVAL : EventTimeSource.PROVIDER);
  }

  /** With an event that is told for the first time; itself if there is no room for it. */
  FirstSeen with(MessageEvent event, long anchor, Set<TransitionFlag> notes) {
    if (anchors.size() >= LifecycleReducer.MAX_ANCHORS) {
      notes.add(TransitionFlag.ANCHORS_EXHAUSTED);
      return this;
    }
    Map<String, Long> more = new HashMap<>(anchors);
    more.put(event.getEventId(), anchor);
    boolean anchorTells =
        event.getEventTime() == anchor && event.getEventTimeSource() != EventTimeSource.CLAMPED;
    if (anchorTells) {
      return new FirstSeen(more, times);
    }
    Map<String, FirstTime> moreTimes = new HashMap<>(times);
    moreTimes.put(
        event.getEventId(), new FirstTime(event.getEventTime(), event.getEventTimeSource()));
    return new FirstSeen(more, moreTimes);
  }
}
