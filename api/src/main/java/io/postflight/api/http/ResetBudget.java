package io.postflight.api.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many requests the unauthenticated connections of a network may reset together, or one that is
 * authenticated: {@value #AT_ONCE} at once, and {@value #PER_SECOND} more per second. The limit of
 * a connection does not suffice, since a new one has it again.
 *
 * <p>The virtual scheduling algorithm (GCRA): a token bucket whose state is one time per owner. It
 * is kept after the network's connections have closed, for those that reset last.
 */
final class ResetBudget {
  static final int AT_ONCE = 500;
  static final int PER_SECOND = 50;
  static final int MAX_OWNERS = 10_000;

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  /** The time at which the bucket of an owner is full again; the least recent owner first. */
  private final Map<Object, Long> fullAt = new LinkedHashMap<>(16, 0.75f, true);

  /** Whether nothing is left of a budget. */
  synchronized boolean exhausted(Object owner, long now) {
    return fullAt.getOrDefault(owner, now) + INTERVAL - now > AT_ONCE * INTERVAL;
  }

  /** Counts resets; false if that exhausts the budget. */
  synchronized boolean spend(Object owner, int number, long now) {
    long before = fullAt.getOrDefault(owner, now);
    long used = Math.max(0, before - now) + number * INTERVAL;
    fullAt.put(owner, now + Math.min(used, AT_ONCE * INTERVAL));
    if (fullAt.size() > MAX_OWNERS) {
      fullAt.remove(fullAt.keySet().iterator().next());
    }
    return used <= AT_ONCE * INTERVAL;
  }

  /** Its owner is gone. */
  synchronized void forget(Object owner) {
    fullAt.remove(owner);
  }
}
