package io.postflight.sink.write;

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
  private final Map<Replicas, ReplicaLimiter> limiters = new HashMap<>();

  /** The queue's limit of statements in flight. */
  final int statements;

  /** Number of statements that are not completed. */
  int used;

  /** Number of limiters with statements that are not completed. */
  int busy;

  ReplicaLimiters(EventWriter writer, int statements, LongSupplier nanoClock) {
    this.writer = writer;
    this.nanoClock = nanoClock;
    this.statements = statements;
  }

  /** The limiter of a partition's replicas. */
  ReplicaLimiter of(PartitionKey partition) {
    return limiters.computeIfAbsent(
        writer.replicas(partition),
        replicas -> new ReplicaLimiter(replicas, this, nanoClock.getAsLong()));
  }

  boolean anyAvailable() {
    return limiters.values().stream().anyMatch(ReplicaLimiter::isAvailable);
  }

  void forEach(Consumer<ReplicaLimiter> action) {
    limiters.values().forEach(action);
  }
}
