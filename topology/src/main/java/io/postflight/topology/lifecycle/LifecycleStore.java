package io.postflight.topology.lifecycle;

import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.deadline.DeadlineIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The message states of a task and their deadlines: two state stores that are updated together. */
final class LifecycleStore {
  private final KeyValueStore<String, LifecycleState> states;
  private final DeadlineIndex deadlines;

  /**
   * @param states by {@code tenant|message_id}, ordered by the bytes of the keys
   */
  LifecycleStore(KeyValueStore<String, LifecycleState> states, DeadlineIndex deadlines) {
    this.states = states;
    this.deadlines = deadlines;
  }

  @Nullable LifecycleState find(String key) {
    return states.get(key);
  }

  /** Replaces a state; null: there was none, or it is deleted. */
  void replace(String key, @Nullable LifecycleState before, @Nullable LifecycleState next) {
    // Putting null deletes and, unlike delete(), does not read the old value first.
    states.put(key, next);
    Long old = before == null ? null : before.getDeadline();
    Long moved = next == null ? null : next.getDeadline();
    if (!Objects.equals(old, moved)) {
      if (old != null) {
        deadlines.remove(old, key);
      }
      if (moved != null) {
        deadlines.put(moved, key);
      }
    }
  }

  /** As {@link DeadlineIndex#mayBeDue}. */
  boolean mayBeDue(long asOf) {
    return deadlines.mayBeDue(asOf);
  }

  /** As {@link DeadlineIndex#due}. */
  List<DeadlineIndex.Due> due(long asOf, int limit) {
    return deadlines.due(asOf, limit);
  }

  /**
   * The state whose deadline has passed; null: it was deleted, or has another deadline by now. The
   * deadline is removed when the state is {@link #replace replaced}.
   */
  @Nullable LifecycleState due(DeadlineIndex.Due due) {
    LifecycleState state = states.get(due.key());
    if (state == null || state.getDeadline() != due.deadline()) {
      deadlines.remove(due.deadline(), due.key());
      return null;
    }
    return state;
  }

  /**
   * States of a tenant's messages, ordered by key.
   *
   * @param after exclusive lower bound of the keys; empty: none
   */
  List<KeyValue<String, LifecycleState>> ofTenant(String tenant, String after, int limit) {
    // No tenant id contains '|', and '}' is the character after it.
    String from = after.isEmpty() ? tenant + '|' : after + '\0';
    List<KeyValue<String, LifecycleState>> found = new ArrayList<>(limit);
    try (KeyValueIterator<String, LifecycleState> range = states.range(from, tenant + '}')) {
      while (found.size() < limit && range.hasNext()) {
        found.add(range.next());
      }
    }
    return found;
  }
}
