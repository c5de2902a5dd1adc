package io.postflight.topology.lifecycle;

import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows from one event, or from one deadline, for one life.
 *
 * @param next the state to keep; null: the life is forgotten
 * @param revision the message's new revision; null when it did not change, or no event has moved
 *     its life yet
 * @param timeline entries to be written now, all with a known user; empty while the user is unknown
 * @param notes what is worth counting
 */
public record Transition(
    @Nullable LifecycleState next,
    @Nullable MessageRevision revision,
    List<TimelineEntry> timeline,
    Set<TransitionFlag> notes) {

  /** Copies the collections. */
  public Transition {
    timeline = List.copyOf(timeline);
    notes = Set.copyOf(notes);
  }
}
