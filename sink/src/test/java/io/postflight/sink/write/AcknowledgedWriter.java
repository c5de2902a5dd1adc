package io.postflight.sink.write;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventStore;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.WriteResult;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Records what a real database has acknowledged, before the sink is notified. */
public final class AcknowledgedWriter implements EventWriter, EventEraser {
  public final Set<Row> stored = ConcurrentHashMap.newKeySet();
  private final EventStore database;

  public AcknowledgedWriter(EventStore database) {
    this.database = database;
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    List<Row> copy = List.copyOf(samePartition);
    return database
        .write(samePartition)
        .thenApply(
            result -> {
              stored.addAll(copy);
              return result;
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
