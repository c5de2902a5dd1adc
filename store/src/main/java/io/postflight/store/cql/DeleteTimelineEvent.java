package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Erases an event from its user's timeline. */
record DeleteTimelineEvent(PreparedStatement prepared) {
  static CompletionStage<DeleteTimelineEvent> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("DELETE FROM %s.timeline USING TIMESTAMP ?"
                    + " WHERE tenant = ? AND user_id = ? AND bucket = ? AND shard = ?"
                    + " AND event_time = ? AND event_id = ?")
                .formatted(keyspace))
        .thenApply(DeleteTimelineEvent::new);
  }

  BoundStatement bind(WrittenEvent event, long timestampMicros) {
    TimelinePartition partition = event.partition();
    return prepared
        .bind(
            timestampMicros,
            partition.tenant(),
            partition.userId(),
            Instant.ofEpochMilli(partition.bucket()),
            (short) partition.shard(),
            Instant.ofEpochMilli(event.time()),
            event.id())
        .setIdempotent(true);
  }
}
