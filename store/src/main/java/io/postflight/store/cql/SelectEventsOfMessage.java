package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.PartitionKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events of one message from a time on in a timeline partition. The server filters the
 * partition, so that other rows of an active user are not transferred.
 */
record SelectEventsOfMessage(PreparedStatement prepared) {
  static CompletionStage<SelectEventsOfMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            (SelectWrittenEvents.FROM_TIME + " AND message_id = ? ALLOW FILTERING")
                .formatted(keyspace))
        .thenApply(SelectEventsOfMessage::new);
  }

  BoundStatement bind(PartitionKey partition, long from, String messageId) {
    List<Object> key = partition.values();
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key)
        .setInstant(key.size(), Instant.ofEpochMilli(from))
        .setString(key.size() + 1, messageId)
        .build();
  }
}
