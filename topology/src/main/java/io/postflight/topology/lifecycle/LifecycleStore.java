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

/** The lives of a task and when each is to be looked at: two stores that change together. */
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

  /** Puts one state in the place of another; null: there was none, or there is to be none. */
  void keep(String key, @Nullable LifecycleState before, @Nullable LifecycleState next) {
    // A null deletes, and unlike delete() does not read first what is deleted.
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
   * The life that is due by a deadline; null: it is gone, or has another deadline by now. Its
   * deadline goes when the state after it is {@link #keep kept}.
   */
  @Nullable LifecycleState due(DeadlineIndex.Due due) {
    LifecycleState life = states.get(due.lifeKey());
    if (life == null || life.getDeadline() != due.deadline()) {
      deadlines.remove(due.deadline(), due.lifeKey());
      return null;
    }
    return life;
  }

  /**
   * A tenant's lives in the order of their keys.
   *
   * @param after the key before the first wanted; empty: from the first
   */
  List<KeyValue<String, LifecycleState>> ofTenant(String tenant, String after, int limit) {
    // No tenant's id has a '|', and '}' comes next after it.
    String from = after.isEmpty() ? tenant + '|' : after + '\0';
    List<KeyValue<String, LifecycleState>> found = new ArrayList<>(limit);
    try (KeyValueIterator<String, LifecycleState> lives = states.range(from, tenant + '}')) {
      while (found.size() < limit && lives.hasNext()) {
        found.add(lives.next());
      }
    }
    return found;
  }
}
