package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineRow;
import java.util.concurrent.CompletionStage;

/** Reads one event of a timeline. */
record SelectEvent(PreparedStatement prepared) {
  static CompletionStage<SelectEvent> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "SELECT %s FROM %s.timeline WHERE %s"
                .formatted(Columns.TIMELINE.names(), keyspace, PrimaryKeys.row(Table.TIMELINE)))
        .thenApply(SelectEvent::new);
  }

  BoundStatement bind(RowKey key) {
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key).build();
  }

  static TimelineItem read(Row row, RowKey key) {
    return TimelineRow.event(key.time(), key.id(), Columns.TIMELINE.read(row, 0));
  }
}
