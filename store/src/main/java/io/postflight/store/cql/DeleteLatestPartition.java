package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Erases all of a user's latest events that were written up to a time: one tombstone. */
record DeleteLatestPartition(PreparedStatement prepared) {
  static CompletionStage<DeleteLatestPartition> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "DELETE FROM %s.latest USING TIMESTAMP ? WHERE tenant = ? AND user_id = ?"
                .formatted(keyspace))
        .thenApply(DeleteLatestPartition::new);
  }

  BoundStatement bind(String tenant, String userId, long timestampMicros) {
    return prepared.bind(timestampMicros, tenant, userId).setIdempotent(true);
  }
}
