package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Erases a user's last event of a type. */
record DeleteLatestEvent(PreparedStatement prepared) {
  static CompletionStage<DeleteLatestEvent> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("DELETE FROM %s.latest USING TIMESTAMP ?"
                    + " WHERE tenant = ? AND user_id = ? AND type = ?")
                .formatted(keyspace))
        .thenApply(DeleteLatestEvent::new);
  }

  BoundStatement bind(String tenant, String userId, String type, long timestampMicros) {
    return prepared.bind(timestampMicros, tenant, userId, type).setIdempotent(true);
  }
}
