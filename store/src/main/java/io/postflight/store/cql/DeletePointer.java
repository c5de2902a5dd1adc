package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/** Deletes the pointer of a type if it was written up to a timestamp. */
record DeletePointer(PreparedStatement prepared) {
  static CompletionStage<DeletePointer> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "DELETE last[?] FROM %s.timeline USING TIMESTAMP ? WHERE %s"
                .formatted(keyspace, PrimaryKeys.partition(Table.TIMELINE)))
        .thenApply(DeletePointer::new);
  }

  BoundStatement bind(PartitionKey partition, String type, long timestampMicros) {
    return PrimaryKeys.bind(
            prepared.boundStatementBuilder().setString(0, type).setLong(1, timestampMicros),
            2,
            partition.values())
        .setIdempotence(true)
        .build();
  }
}
