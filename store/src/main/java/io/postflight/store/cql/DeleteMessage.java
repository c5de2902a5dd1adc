package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Erases a message's row. */
record DeleteMessage(PreparedStatement prepared) {
  static CompletionStage<DeleteMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "DELETE FROM %s.message USING TIMESTAMP ? WHERE tenant = ? AND message_id = ?"
                .formatted(keyspace))
        .thenApply(DeleteMessage::new);
  }

  BoundStatement bind(String tenant, String messageId, long timestampMicros) {
    return prepared.bind(timestampMicros, tenant, messageId).setIdempotent(true);
  }
}
