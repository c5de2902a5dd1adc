package io.postflight.sink.write;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Selects the coordinator of each statement: the node with the lowest load, which is its number of
 * statements in flight plus its recent failures. So a node that is slow or rejects requests gets
 * few. A statement is not sent again to the node that failed it last if there is another.
 *
 * <p>Failures decay exponentially. Nodes without load are not kept. Selecting takes time linear in
 * the number of candidates. Not thread-safe; time is in nanoseconds.
 */
final class CoordinatorSelector {
  private final Map<Object, Load> loads = new HashMap<>();

  /** Where to begin among candidates with equal load. */
  private int rotation;

  /**
   * Selects the coordinator of a statement and counts it as in flight.
   *
   * @param candidates nodes that may coordinate it
   * @return null if there are none: the store selects one
   */
  @Nullable Object select(WriteStatement statement, List<?> candidates, long now) {
    if (candidates.isEmpty()) {
      return null;
    }
    int first = Math.floorMod(rotation++, candidates.size());
    Object best = candidates.get(first);
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      Object node = candidates.get((first + i) % candidates.size());
      Load load = loads.get(node);
      double current = load == null ? 0 : load.at(now);
      boolean avoided = node.equals(statement.failedCoordinator) && candidates.size() > 1;
      if (current < lowest && !avoided) {
        best = node;
        lowest = current;
      }
    }
    loads.computeIfAbsent(best, node -> new Load()).inFlight++;
    statement.coordinator = best;
    return best;
  }

  /** An attempt has completed. */
  void completed(WriteStatement statement, boolean failed, long now) {
    Object node = statement.coordinator;
    if (node != null) {
      loads.computeIfPresent(node, (same, load) -> load.completed(failed, now) ? null : load);
      statement.failedCoordinator = failed ? node : null;
      statement.coordinator = null;
    }
  }

  /** Statements in flight to one coordinator, and its recent failures. */
  private static final class Load {
    private static final double HALF_LIFE_NANOS = Duration.ofSeconds(1).toNanos();

    /** A lower number of failures counts as none. */
    private static final double NEGLIGIBLE = 0.01;

    private int inFlight;
    private double failures;
    private long lastFailure;

    private double at(long now) {
      return inFlight + failuresAt(now);
    }

    private double failuresAt(long now) {
      return failures == 0 ? 0 : failures * Math.pow(0.5, (now - lastFailure) / HALF_LIFE_NANOS);
    }

    /** Returns whether the node has no load left. */
    private boolean completed(boolean failed, long now) {
      inFlight--;
      if (failed) {
        failures = failuresAt(now) + 1;
        lastFailure = now;
      }
      return inFlight == 0 && failuresAt(now) < NEGLIGIBLE;
    }
  }
}
