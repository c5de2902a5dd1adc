package io.postflight.sink;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.WriteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A store that hides failures as its {@link Mutant} requires. */
final class MutantStore implements EventWriter, EventEraser {
  private final EventWriter writer;
  private final EventEraser eraser;
  private final Mutant mutant;

  MutantStore(EventWriter writer, EventEraser eraser, Mutant mutant) {
    this.writer = writer;
    this.eraser = eraser;
    this.mutant = mutant;
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> rows) {
    WriteResult done = new WriteResult(rows.size(), 0);
    CompletionStage<WriteResult> real = writer.write(rows);
    return mutant == Mutant.ACKNOWLEDGED_WHEN_SENT
        ? CompletableFuture.completedFuture(done)
        : real.exceptionally(failure -> hidden(failure, done, Mutant.TIMEOUT_IS_DONE));
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    CompletionStage<Long> real = eraser.erase(command, timestampMicros);
    return mutant == Mutant.COMMAND_ACKNOWLEDGED_WHEN_SENT
        ? CompletableFuture.completedFuture(0L)
        : real.exceptionally(failure -> hidden(failure, 0L, Mutant.COMMAND_TIMEOUT_IS_DONE));
  }

  @Override
  public Replicas replicas(PartitionKey partition) {
    return writer.replicas(partition);
  }

  @Override
  public CompletionStage<Void> probe() {
    return mutant == Mutant.REFUSED_WITHOUT_CANARY
        ? CompletableFuture.completedFuture(null)
        : writer.probe();
  }

  private <T> T hidden(Throwable failure, T done, Mutant whoHidesTimeouts) {
    Throwable within = failure.getCause();
    Throwable cause = within == null ? failure : within;
    boolean fatal = cause instanceof StoreException why && why.kind() == StoreException.Kind.FATAL;
    boolean timedOut = "timed out".equals(cause.getMessage());
    if ((fatal && mutant == Mutant.FATAL_IS_DONE) || (timedOut && mutant == whoHidesTimeouts)) {
      return done;
    }
    throw new CompletionException(cause);
  }
}
