package io.postflight.operations.replay;

import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.replay.TierReplay;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.store.StoreException;
import io.postflight.store.TimelineShards;
import io.postflight.store.cql.CqlEventStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;

/** Topics and clusters of {@code restore}, {@code verify} and {@code drill}. */
public final class ReplayWiring {
  /** Timeout of the first connection to the tier's cluster. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

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
   * @throws OperationException if it is unavailable, or its tables are not as configured
   */
  public static CqlEventStore store(StorageTier tier, TimelineShards shards)
      throws InterruptedException {
    CqlEventStore store =
        CqlEventStore.open(tier.tier(), tier.cluster(), shards, InstantSource.system());
    boolean ready = false;
    try {
      ready = store.awaitReady(CONNECT);
      if (!ready) {
        store.probe().toCompletableFuture().join();
        ready = true; // connected meanwhile
      }
      return store;
    } catch (CompletionException fault) {
      throw failure(tier, FutureFailures.unwrap(fault));
    } finally {
      if (!ready) {
        store.close();
      }
    }
  }

  /** The failure of the last attempt to connect. */
  static OperationException failure(StorageTier tier, Throwable fault) {
    String cluster = TierJobs.cluster(tier);
    if (fault.getCause() instanceof InvalidQueryException refused) {
      return OperationException.usage(
          "%s: keyspace %s is not as configured ('postflight schema apply' creates what is missing): %s"
              .formatted(cluster, tier.cluster().keyspace(), refused.getMessage()));
    }
    boolean attempted =
        fault.getCause() != null
            || !(fault instanceof StoreException known)
            || known.kind() != StoreException.Kind.TRANSIENT;
    return attempted ? ServerFaults.of(cluster, fault) : ServerFaults.noResponse(cluster, CONNECT);
  }
}
