package io.postflight.sink.write;

import io.postflight.store.Replicas;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits the statements in flight to one set of replicas, so that unavailable replicas do not
 * occupy the slots of others. Guarded by the lock of its queue.
 */
final class ReplicaLimiter {
  /** After this many consecutive failures the replicas are considered unavailable. */
  private static final int UNAVAILABLE_FAILURES = 3;

  /** After this time without a success, the next one means that the replicas have recovered. */
  private static final long RECOVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Replicas replicas;
  private final ReplicaLimiters limiters;

  /** Partitions that wait for a slot. */
  private final ArrayDeque<RowAccumulator.PartitionRows> parked = new ArrayDeque<>();

  private int used;
  private int failures;
  private long lastSuccess;

  ReplicaLimiter(Replicas replicas, ReplicaLimiters limiters, long now) {
    this.replicas = replicas;
    this.limiters = limiters;
    this.lastSuccess = now;
  }

  /** The nodes that can coordinate a statement; see {@link Replicas#coordinators}. */
  List<?> coordinators() {
    return replicas.coordinators();
  }

  /**
   * A limiter has half of all slots, so that one set of unavailable replicas leaves the other half.
   * If it is the only one in use it has twice as many, since statements that await a timeout come
   * on top of those that make progress.
   */
  boolean hasSlot() {
    boolean alone = limiters.busy == (used > 0 ? 1 : 0);
    return used < (alone ? 2 * limiters.statements : Math.max(1, limiters.statements / 2));
  }

  /**
   * Acquires a slot for a statement, which keeps it until it completes, also while it backs off.
   */
  void acquire() {
    limiters.used++;
    if (used++ == 0) {
      limiters.busy++;
    }
  }

  /** Releases the slot of a statement that has completed. */
  void release() {
    limiters.used--;
    if (--used == 0) {
      limiters.busy--;
    }
  }

  void park(RowAccumulator.PartitionRows queue) {
    parked.add(queue);
  }

  /** The partition that was parked first, if a slot is free; else null. */
  RowAccumulator.@Nullable PartitionRows unpark() {
    return hasSlot() ? parked.poll() : null;
  }

  void unpark(RowAccumulator.PartitionRows queue) {
    parked.remove(queue);
  }

  int parkedCount() {
    return parked.size();
  }

  void failed() {
    failures++;
  }

  /** Whether the replicas accept statements, as far as is known. */
  boolean isAvailable() {
    return failures < UNAVAILABLE_FAILURES && hasSlot();
  }

  /**
   * Records a success. Returns whether it is the first one after all replicas were unavailable:
   * while one replica rejects statements and another does not, a success says nothing about the
   * former.
   */
  boolean succeeded(long now) {
    boolean recovered = failures >= UNAVAILABLE_FAILURES && now - lastSuccess >= RECOVERY_NANOS;
    failures = 0;
    lastSuccess = now;
    return recovered;
  }
}
