package io.postflight.topology.lifecycle;

import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The result of applying one event, one deadline or one redaction to one message.
 *
 * @param next the new state; null: the state is deleted
 * @param revision the message's new revision; null if it did not change or has no status yet
 * @param timeline entries to be written now, all with a known user; empty while the user is unknown
 * @param flags conditions that are counted
 */
public record Transition(
    @Nullable LifecycleState next,
    @Nullable MessageRevision revision,
    List<TimelineEntry> timeline,
    Set<TransitionFlag> flags) {

  /** Copies the collections. */
  public Transition {
    timeline = List.copyOf(timeline);
    flags = Set.copyOf(flags);
  }
}
