package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events of a timeline partition that share one time, after an id. Together with {@link
 * SelectTimelineSlice} it continues after a position; one restriction on both columns is not used,
 * since their clustering orders differ and not every version of ScyllaDB supports that.
 */
record SelectTimelineTies(PreparedStatement prepared) {
  static CompletionStage<SelectTimelineTies> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("SELECT %s FROM %s.timeline"
                    + " WHERE tenant = ? AND user_id = ? AND bucket = ? AND shard = ?"
                    + " AND event_time = ? AND event_id > ? LIMIT ?")
                .formatted(SelectTimelineSlice.COLUMNS, keyspace))
        .thenApply(SelectTimelineTies::new);
  }

  BoundStatement bind(
      String tenant, String userId, long bucket, int shard, long time, String id, int limit) {
    return prepared.bind(
        tenant,
        userId,
        Instant.ofEpochMilli(bucket),
        (short) shard,
        Instant.ofEpochMilli(time),
        id,
        limit);
  }
}
