package io.postflight.sink;

import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The limiters of all sets of replicas of one queue. Guarded by the queue's lock. */
final class ReplicaLimiters {
  private final EventWriter writer;
  private final LongSupplier nanoClock;
  private final ReplicaLimiter.Shared shared;
  private final Map<Replicas, ReplicaLimiter> limiters = new HashMap<>();

  ReplicaLimiters(EventWriter writer, int statements, LongSupplier nanoClock) {
    this.writer = writer;
    this.nanoClock = nanoClock;
    this.shared = new ReplicaLimiter.Shared(statements);
  }

  /** The limiter of a partition's replicas. */
  ReplicaLimiter of(PartitionKey partition) {
    return limiters.computeIfAbsent(
        writer.replicas(partition),
        replicas -> new ReplicaLimiter(replicas, shared, nanoClock.getAsLong()));
  }

  boolean anyAvailable() {
    return limiters.values().stream().anyMatch(ReplicaLimiter::isAvailable);
  }

  void forEach(Consumer<ReplicaLimiter> action) {
    limiters.values().forEach(action);
  }
}
