package io.postflight.sink;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.recovery.Recoveries;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.WriteException;
import io.postflight.store.WriteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tier's store in which privacy commands wait while backups are loaded into it. An erasure would
 * find nothing of what is not loaded yet, and would count as done; and its tombstones would hide
 * what leads to other rows: the timeline that leads to a user's messages, and, where the lifecycle
 * has made a message's erasure of a user's, the row that tells whose the message was. The ledger
 * has the command, and whoever ends the recovery erases what it covers.
 *
 * <p>Before each attempt the state is read to its end as of then, so that a recovery that has begun
 * is never missed. While Kafka does not answer the attempt fails as TRANSIENT, and is made again.
 */
public final class RecoverableStore implements EventWriter, EventEraser {
  private static final Logger LOG = LoggerFactory.getLogger(RecoverableStore.class);

  private final String tier;
  private final EventWriter writer;
  private final EventEraser eraser;
  private final Recoveries recoveries;

  private RecoverableStore(
      String tier, EventWriter writer, EventEraser eraser, Recoveries recoveries) {
    this.tier = tier;
    this.writer = writer;
    this.eraser = eraser;
    this.recoveries = recoveries;
  }

  /** The store of a tier, by the tier's name. */
  public static <S extends EventWriter & EventEraser> RecoverableStore of(
      String tier, S store, Recoveries recoveries) {
    return new RecoverableStore(tier, store, store, recoveries);
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
        .exceptionallyCompose(RecoverableStore::unknown)
        .thenCompose(
            phase -> {
              if (phase.filter(RecoveryPhase.LOADING::equals).isEmpty()) {
                return eraser.erase(command, timestampMicros);
              }
              LOG.info(
                  "Erasure {} of tenant {} is left to the recovery of tier {}",
                  command.getId(),
                  command.getTenant(),
                  tier);
              return CompletableFuture.completedFuture(0L);
            });
  }

  private static <T> CompletionStage<T> unknown(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return CompletableFuture.failedFuture(
        new WriteException(
            WriteException.Kind.TRANSIENT,
            "it is not known whether the tier is in recovery: " + cause.getMessage(),
            cause));
  }
}
