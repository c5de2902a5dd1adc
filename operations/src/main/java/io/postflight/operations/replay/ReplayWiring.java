package io.postflight.operations.replay;

import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.replay.TierReplay;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.store.TimelineShards;
import io.postflight.store.cql.CqlEventStore;
import java.time.Duration;
import java.time.InstantSource;

/** Topics and clusters of {@code restore}, {@code verify} and {@code drill}. */
public final class ReplayWiring {
  /** Timeout of the first connection to the tier's cluster. */
  private static final Duration CONNECT = Duration.ofSeconds(15);

  private ReplayWiring() {}

  /** A tier's topics, both lanes, and the ledger. */
  public static TierReplay replay(OperationsSettings settings, StorageTier tier) {
    return TierReplay.builder(
            tier.tier(),
            settings.kafka().topics(),
            settings.kafka().clientProperties(),
            AvroSerdes.of(settings.registry().serdeProperties()))
        .limits(settings.roles().limits())
        .build();
  }

  /**
   * Connects to a tier's cluster.
   *
   * @param shards shards that an erasure searches
   * @throws OperationException if that takes too long
   */
  public static CqlEventStore store(StorageTier tier, TimelineShards shards)
      throws InterruptedException {
    CqlEventStore store =
        CqlEventStore.open(tier.tier(), tier.cluster(), shards, InstantSource.system());
    boolean ready = false;
    try {
      ready = store.awaitReady(CONNECT);
    } finally {
      if (!ready) {
        store.close();
      }
    }
    if (ready) {
      return store;
    }
    throw OperationException.unreachable(
        ("the cluster of tier %s at %s cannot be reached, or its keyspace %s has no tables"
                + " ('postflight schema apply' creates them)")
            .formatted(tier.name(), tier.cluster().contactPoints(), tier.cluster().keyspace()));
  }
}
