package io.postflight.faults;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventStore;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.WriteResult;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A tier's writer that shows an oracle what the database has acknowledged. */
final class JudgedWriter implements EventWriter, EventEraser {
  private final EventStore database;
  private final CommitOracle oracle;

  JudgedWriter(EventStore database, CommitOracle oracle) {
    this.database = database;
    this.oracle = oracle;
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    List<Row> rows = List.copyOf(samePartition);
    return database
        .write(samePartition)
        .whenComplete(
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
