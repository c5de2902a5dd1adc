package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/** Deletes all of a timeline partition that was written up to a time: one tombstone. */
record DeletePartition(PreparedStatement prepared) {
  static CompletionStage<DeletePartition> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "DELETE FROM %s.timeline USING TIMESTAMP ? WHERE %s"
                .formatted(keyspace, PrimaryKeys.partition(Table.TIMELINE)))
        .thenApply(DeletePartition::new);
  }

  BoundStatement bind(PartitionKey partition, long timestampMicros) {
    return PrimaryKeys.bind(
            prepared.boundStatementBuilder().setLong(0, timestampMicros), 1, partition.values())
        .setIdempotence(true)
        .build();
  }
}
