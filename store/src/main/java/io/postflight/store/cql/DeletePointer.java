package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/** Deletes the pointer of a slot, but not a newer one. */
record DeletePointer(PreparedStatement prepared) {
  static CompletionStage<DeletePointer> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "DELETE last[?] FROM %s.timeline USING TIMESTAMP ? WHERE %s"
                .formatted(keyspace, PrimaryKeys.partition(Table.TIMELINE)))
        .thenApply(DeletePointer::new);
  }

  BoundStatement bind(PartitionKey partition, EventPointer pointer) {
    return PrimaryKeys.bind(
            prepared
                .boundStatementBuilder()
                .setString(0, EventPointer.slot(pointer.type()))
                .setLong(1, pointer.writtenMicros()),
            2,
            partition.values())
        .setIdempotence(true)
        .build();
  }
}
