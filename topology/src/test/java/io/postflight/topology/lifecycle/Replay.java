package io.postflight.topology.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Applies events to one message, and tracks the resulting rows. */
final class Replay {
  static final LifecycleRules RULES = LifecycleRules.DEFAULT;
  private static final Placement PLACEMENT = new Placement("30d", time -> 4, time -> 2);

  private final LifecycleReducer reducer = new LifecycleReducer(RULES);
  @Nullable LifecycleState state;
  @Nullable MessageRevision message;
  Transition last = new Transition(null, null, List.of(), java.util.Set.of());

  /**
   * Timeline rows by their key (user, event time, event id), with the anchor they are written at.
   */
  final Map<String, Long> timeline = new TreeMap<>();

  final List<MessageRevision> revisions = new ArrayList<>();
  final Map<TransitionFlag, Integer> flags = new EnumMap<>(TransitionFlag.class);

  static Replay of(List<MessageEvent> events) {
    Replay replay = new Replay();
    events.forEach(replay::event);
    return replay;
  }

  Replay event(MessageEvent event) {
    take(reducer.reduce(state, event, PLACEMENT, List.of()));
    return this;
  }

  Replay event(TestEvents event) {
    return event(event.build());
  }

  /** Applies the deadline. */
  Replay due() {
    take(reducer.due(Objects.requireNonNull(state), PLACEMENT));
    return this;
  }

  LifecycleState state() {
    return Objects.requireNonNull(state);
  }

  MessageRevision message() {
    return Objects.requireNonNull(message);
  }

  private void take(Transition transition) {
    last = transition;
    state = transition.next();
    transition.flags().forEach(flag -> flags.merge(flag, 1, Integer::sum));
    if (transition.revision() != null) {
      message = transition.revision();
      revisions.add(transition.revision());
    }
    for (TimelineEntry entry : transition.timeline()) {
      MessageEvent event = entry.getEvent();
      timeline.put(
          event.getUserId() + "|" + event.getEventTime() + "|" + event.getEventId(),
          entry.getAnchor());
    }
  }
}
