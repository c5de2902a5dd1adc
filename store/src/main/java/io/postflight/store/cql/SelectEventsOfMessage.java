package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events of one message from a time on out of a timeline partition. The server reads the
 * partition and drops the rest, so that a busy user's rows need not travel.
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
