package io.postflight.faults;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventStore;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.WriteResult;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A tier's writer that reports acknowledged rows to an oracle. */
final class OracleWriter implements EventWriter, EventEraser {
  private final EventStore database;
  private final GroupCommitOracle oracle;

  OracleWriter(EventStore database, GroupCommitOracle oracle) {
    this.database = database;
    this.oracle = oracle;
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    return observed(List.copyOf(samePartition), database.write(samePartition));
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
    return observed(List.copyOf(samePartition), database.write(samePartition, coordinator));
  }

  @Override
  public Replicas replicas(PartitionKey partition) {
    return database.replicas(partition);
  }

  private CompletionStage<WriteResult> observed(
      List<Row> rows, CompletionStage<WriteResult> written) {
    return written.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            oracle.acknowledged(rows);
          } else {
            oracle.failed();
          }
        });
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    return database.erase(command, timestampMicros);
  }

  @Override
  public CompletionStage<Void> probe() {
    return database.probe();
  }
}
