package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.PartitionKey;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Deletes the error code of a message in its tenant's listing. */
record RedactListedMessage(PreparedStatement prepared) {
  static CompletionStage<RedactListedMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("DELETE error_code FROM %s.message_by_time USING TIMESTAMP ?"
                    + " WHERE tenant = ? AND bucket = ? AND shard = ?"
                    + " AND listed_at = ? AND message_id = ?")
                .formatted(keyspace))
        .thenApply(RedactListedMessage::new);
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
