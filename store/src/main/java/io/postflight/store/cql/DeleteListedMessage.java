package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.PartitionKey;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Erases a message from its tenant's listing. */
record DeleteListedMessage(PreparedStatement prepared) {
  static CompletionStage<DeleteListedMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("DELETE FROM %s.message_by_time USING TIMESTAMP ?"
                    + " WHERE tenant = ? AND bucket = ? AND shard = ?"
                    + " AND listed_at = ? AND message_id = ?")
                .formatted(keyspace))
        .thenApply(DeleteListedMessage::new);
  }

  BoundStatement bind(
      PartitionKey partition, long listedAt, String messageId, long timestampMicros) {
    return prepared
        .bind(
            timestampMicros,
            partition.tenant(),
            Instant.ofEpochMilli(partition.bucket()),
            (short) partition.shard(),
            Instant.ofEpochMilli(listedAt),
            messageId)
        .setIdempotent(true);
  }
}
