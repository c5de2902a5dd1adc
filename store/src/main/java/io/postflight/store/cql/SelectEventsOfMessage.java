package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events of one message from a time on in a timeline partition. The server filters the
 * partition, so that other rows of an active user are not transferred.
 */
record SelectEventsOfMessage(PreparedStatement prepared) {
  static CompletionStage<SelectEventsOfMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("SELECT %s FROM %s.timeline"
                    + " WHERE tenant = ? AND user_id = ? AND bucket = ? AND shard = ?"
                    + " AND event_time >= ? AND message_id = ? ALLOW FILTERING")
                .formatted(SelectWrittenEvents.COLUMNS, keyspace))
        .thenApply(SelectEventsOfMessage::new);
  }

  BoundStatement bind(TimelinePartition partition, long from, String messageId) {
    return prepared.bind(
        partition.tenant(),
        partition.userId(),
        Instant.ofEpochMilli(partition.bucket()),
        (short) partition.shard(),
        Instant.ofEpochMilli(from),
        messageId);
  }
}
