package io.postflight.api.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many requests the unauthenticated connections of a network may reset: {@value #AT_ONCE} at
 * once, and {@value #PER_SECOND} more per second. The limit of a connection does not suffice, since
 * a new one has it again.
 *
 * <p>The virtual scheduling algorithm (GCRA): a token bucket whose state is one time per network.
 * It is kept after the network's connections have closed, for the networks that reset last.
 */
final class ResetBudget {
  static final int AT_ONCE = 500;
  static final int PER_SECOND = 50;
  static final int MAX_NETWORKS = 10_000;

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  /** The time at which the bucket of a network is full again; the least recent network first. */
  private final Map<Object, Long> fullAt = new LinkedHashMap<>(16, 0.75f, true);

  /** Counts a reset; false if the budget is used up. */
  synchronized boolean spend(Object network, long now) {
    long before = fullAt.getOrDefault(network, now);
    long after = (before - now < 0 ? now : before) + INTERVAL;
    if (after - now > AT_ONCE * INTERVAL) {
      return false;
    }
    fullAt.put(network, after);
    if (fullAt.size() > MAX_NETWORKS) {
      fullAt.remove(fullAt.keySet().iterator().next());
    }
    return true;
  }
}
