package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.TimelineRow;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Writes an event to its user's timeline. */
record InsertTimelineEvent(PreparedStatement prepared) {
  private static final int KEYS = 6;

  static CompletionStage<InsertTimelineEvent> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("INSERT INTO %s.timeline (tenant, user_id, bucket, shard, event_time, event_id, %s)"
                    + " VALUES (?, ?, ?, ?, ?, ?, %s) USING TIMESTAMP ? AND TTL ?")
                .formatted(keyspace, Columns.TIMELINE.names(), Columns.TIMELINE.marks()))
        .thenApply(InsertTimelineEvent::new);
  }

  BoundStatement bind(TimelineRow row, int ttlSeconds) {
    BoundStatementBuilder keys =
        prepared
            .boundStatementBuilder()
            .setString(0, row.partition().tenant())
            .setString(1, row.partition().subject())
            .setInstant(2, Instant.ofEpochMilli(row.partition().bucket()))
            .setShort(3, (short) row.partition().shard())
            .setInstant(4, Instant.ofEpochMilli(row.event().eventTime()))
            .setString(5, row.event().eventId());
    int after = KEYS + Columns.TIMELINE.list().size();
    return Columns.TIMELINE
        .bind(prepared, keys, KEYS, row.cells())
        .setLong(after, row.writeTimestampMicros())
        .setInt(after + 1, ttlSeconds)
        .setIdempotence(true)
        .build();
  }
}
