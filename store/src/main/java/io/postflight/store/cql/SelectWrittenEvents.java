package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events of a timeline partition from a time on, with their messages and write
 * timestamps.
 */
record SelectWrittenEvents(PreparedStatement prepared) {
  static final String COLUMNS = "event_time, event_id, message_id, error_code, WRITETIME(type)";

  static CompletionStage<SelectWrittenEvents> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("SELECT %s FROM %s.timeline"
                    + " WHERE tenant = ? AND user_id = ? AND bucket = ? AND shard = ?"
                    + " AND event_time >= ?")
                .formatted(COLUMNS, keyspace))
        .thenApply(SelectWrittenEvents::new);
  }

  BoundStatement bind(TimelinePartition partition, long from) {
    return prepared.bind(
        partition.tenant(),
        partition.userId(),
        Instant.ofEpochMilli(partition.bucket()),
        (short) partition.shard(),
        Instant.ofEpochMilli(from));
  }

  static WrittenEvent read(Row row, TimelinePartition partition) {
    return new WrittenEvent(
        partition,
        Objects.requireNonNull(row.getInstant(0)).toEpochMilli(),
        Objects.requireNonNull(row.getString(1)),
        row.getString(2),
        row.getLong(4),
        !row.isNull(3));
  }
}
