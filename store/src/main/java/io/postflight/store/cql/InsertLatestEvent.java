package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.LatestRow;
import io.postflight.store.TimelineItem;
import java.util.concurrent.CompletionStage;

/** Writes an event as the latest of its type; the write timestamp determines whether it is. */
record InsertLatestEvent(PreparedStatement prepared) {
  private static final int KEYS = 3;

  static CompletionStage<InsertLatestEvent> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "INSERT INTO %s.latest (tenant, user_id, type, %s) VALUES (?, ?, ?, %s)"
                    .formatted(keyspace, Columns.LATEST.names(), Columns.LATEST.marks())
                + " USING TIMESTAMP ? AND TTL ?")
        .thenApply(InsertLatestEvent::new);
  }

  BoundStatement bind(LatestRow row, int ttlSeconds) {
    return bind(
        row.partition().tenant(),
        row.partition().subject(),
        row.event(),
        row.writeTimestampMicros(),
        ttlSeconds);
  }

  BoundStatement bind(
      String tenant, String userId, TimelineItem event, long timestampMicros, int ttlSeconds) {
    BoundStatementBuilder keys =
        prepared
            .boundStatementBuilder()
            .setString(0, tenant)
            .setString(1, userId)
            .setString(2, event.type());
    int after = KEYS + Columns.LATEST.list().size();
    return Columns.LATEST
        .bind(prepared, keys, KEYS, LatestRow.cells(event))
        .setLong(after, timestampMicros)
        .setInt(after + 1, ttlSeconds)
        .setIdempotence(true)
        .build();
  }
}
