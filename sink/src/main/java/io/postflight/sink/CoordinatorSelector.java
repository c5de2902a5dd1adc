package io.postflight.sink;

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
   * Selects a coordinator and counts the statement as in flight.
   *
   * @param candidates one node or more
   * @param failed the node that failed the statement last
   */
  Object select(List<?> candidates, @Nullable Object failed, long now) {
    int first = Math.floorMod(rotation++, candidates.size());
    Object best = candidates.get(first);
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      Object node = candidates.get((first + i) % candidates.size());
      Load load = loads.get(node);
      double current = load == null ? 0 : load.at(now);
      if (current < lowest && !(node.equals(failed) && candidates.size() > 1)) {
        best = node;
        lowest = current;
      }
    }
    loads.computeIfAbsent(best, node -> new Load()).inFlight++;
    return best;
  }

  /** A statement that was sent to a node has completed. */
  void completed(Object node, boolean failed, long now) {
    loads.computeIfPresent(node, (same, load) -> load.completed(failed, now) ? null : load);
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
