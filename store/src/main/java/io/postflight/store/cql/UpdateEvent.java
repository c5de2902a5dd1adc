package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.Table;
import io.postflight.store.TimelineRow;
import java.util.concurrent.CompletionStage;

/**
 * Writes an event to its timeline together with the pointer of its type: one mutation. Of two
 * pointers of a type the one with the later anchor wins.
 */
record UpdateEvent(PreparedStatement prepared) {
  static CompletionStage<UpdateEvent> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "UPDATE %s.timeline USING TIMESTAMP ? AND TTL ? SET %s, last[?] = ? WHERE %s"
                .formatted(
                    keyspace, Columns.TIMELINE.assignments(), PrimaryKeys.row(Table.TIMELINE)))
        .thenApply(UpdateEvent::new);
  }

  BoundStatement bind(TimelineRow row, int ttlSeconds) {
    return new WriteValues(prepared)
        .times(row.writeTimestampMicros(), ttlSeconds)
        .cells(Columns.TIMELINE, row.cells())
        .pointer(row.pointer())
        .key(row.key())
        .build();
  }
}
