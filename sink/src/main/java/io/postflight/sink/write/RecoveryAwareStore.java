package io.postflight.sink.write;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.recovery.Recoveries;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.WriteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Decorates a tier's store so that privacy commands are deferred while backups are loaded into it.
 * An erasure would not find rows that are not loaded yet, but would count as done; and its
 * tombstones would hide rows that lead to others: a user's timeline leads to the messages, and a
 * message's row names its user. The ledger keeps the command, and finishing the recovery applies
 * it.
 *
 * <p>Before each attempt the recovery state is read up to its current end, so that a recovery that
 * has begun is never missed. While Kafka is unavailable the attempt fails as TRANSIENT and is
 * retried.
 */
public final class RecoveryAwareStore implements EventWriter, EventEraser {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryAwareStore.class);

  private final String tier;
  private final EventWriter writer;
  private final EventEraser eraser;
  private final Recoveries recoveries;

  private RecoveryAwareStore(
      String tier, EventWriter writer, EventEraser eraser, Recoveries recoveries) {
    this.tier = tier;
    this.writer = writer;
    this.eraser = eraser;
    this.recoveries = recoveries;
  }

  /** Decorates the store of a tier. */
  public static <S extends EventWriter & EventEraser> RecoveryAwareStore of(
      String tier, S store, Recoveries recoveries) {
    return new RecoveryAwareStore(tier, store, store, recoveries);
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    return writer.write(samePartition);
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
    return writer.write(samePartition, coordinator);
  }

  @Override
  public Replicas replicas(PartitionKey partition) {
    return writer.replicas(partition);
  }

  @Override
  public CompletionStage<Void> probe() {
    return writer.probe();
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    return recoveries
        .current(tier)
        .exceptionallyCompose(RecoveryAwareStore::unknown)
        .thenCompose(
            phase -> {
              if (phase.filter(RecoveryPhase.LOADING::equals).isEmpty()) {
                return eraser
                    .erase(command, timestampMicros)
                    .thenApply(rows -> applied(command, rows));
              }
              log(command, "is deferred to the recovery of tier " + tier);
              return CompletableFuture.completedFuture(0L);
            });
  }

  private static long applied(Erasure command, long rows) {
    log(command, "is applied: " + rows + " rows");
    return rows;
  }

  /**
   * Without the subject, which may be a person's address. The erasure of a user arrives in several
   * copies for each of the user's messages, too, which are not logged at INFO.
   */
  private static void log(Erasure command, String what) {
    LOG.atLevel(command.getUserId() == null ? Level.DEBUG : Level.INFO)
        .log("Erasure {} of tenant {} {}", command.getId(), command.getTenant(), what);
  }

  private static <T> CompletionStage<T> unknown(Throwable failure) {
    Throwable cause = FutureFailures.unwrap(failure);
    return CompletableFuture.failedFuture(
        new StoreException(
            StoreException.Kind.TRANSIENT,
            "cannot determine whether the tier is in recovery: " + cause.getMessage(),
            cause));
  }
}
