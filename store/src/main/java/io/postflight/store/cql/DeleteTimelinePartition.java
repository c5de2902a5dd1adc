package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Erases all of a timeline partition that was written up to a time: one tombstone. */
record DeleteTimelinePartition(PreparedStatement prepared) {
  static CompletionStage<DeleteTimelinePartition> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("DELETE FROM %s.timeline USING TIMESTAMP ?"
                    + " WHERE tenant = ? AND user_id = ? AND bucket = ? AND shard = ?")
                .formatted(keyspace))
        .thenApply(DeleteTimelinePartition::new);
  }

  BoundStatement bind(TimelinePartition partition, long timestampMicros) {
    return prepared
        .bind(
            timestampMicros,
            partition.tenant(),
            partition.userId(),
            Instant.ofEpochMilli(partition.bucket()),
            (short) partition.shard())
        .setIdempotent(true);
  }
}
