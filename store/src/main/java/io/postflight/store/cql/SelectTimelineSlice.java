package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineRow;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Reads the events of a timeline partition in a range of time, newest first. */
record SelectTimelineSlice(PreparedStatement prepared) {
  static final String COLUMNS = "event_time, event_id, " + Columns.TIMELINE.names();

  static CompletionStage<SelectTimelineSlice> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("SELECT %s FROM %s.timeline"
                    + " WHERE tenant = ? AND user_id = ? AND bucket = ? AND shard = ?"
                    + " AND event_time >= ? AND event_time < ? LIMIT ?")
                .formatted(COLUMNS, keyspace))
        .thenApply(SelectTimelineSlice::new);
  }

  BoundStatement bind(
      String tenant, String userId, long bucket, int shard, long from, long to, int limit) {
    return prepared.bind(
        tenant,
        userId,
        Instant.ofEpochMilli(bucket),
        (short) shard,
        Instant.ofEpochMilli(from),
        Instant.ofEpochMilli(to),
        limit);
  }

  static TimelineItem read(Row row) {
    return TimelineRow.event(
        Objects.requireNonNull(row.getInstant(0)).toEpochMilli(),
        Objects.requireNonNull(row.getString(1)),
        Columns.TIMELINE.read(row, 2));
  }
}
