package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.PartitionKey;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads the events of a type in a timeline partition, newest first. The server filters them. */
record SelectEventsOfType(PreparedStatement prepared) {
  static CompletionStage<SelectEventsOfType> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            (SelectWrittenEvents.OF_PARTITION + " AND type = ? ALLOW FILTERING")
                .formatted(keyspace))
        .thenApply(SelectEventsOfType::new);
  }

  BoundStatement bind(PartitionKey partition, String type) {
    List<Object> key = partition.values();
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key)
        .setString(key.size(), type)
        .build();
  }
}
