package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/** Writes the pointer of a slot. */
record UpdatePointer(PreparedStatement prepared) {
  static CompletionStage<UpdatePointer> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "UPDATE %s.timeline USING TIMESTAMP ? AND TTL ? SET last[?] = ? WHERE %s"
                .formatted(keyspace, PrimaryKeys.partition(Table.TIMELINE)))
        .thenApply(UpdatePointer::new);
  }

  BoundStatement bind(PartitionKey partition, EventPointer to, int ttlSeconds) {
    return new WriteValues(prepared)
        .times(to.writtenMicros(), ttlSeconds)
        .pointer(to)
        .partition(partition)
        .build();
  }
}
