package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.TimelineItem;
import java.util.concurrent.CompletionStage;

/** Reads the last event of each type of a user. */
record SelectLatest(PreparedStatement prepared) {
  static CompletionStage<SelectLatest> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "SELECT %s FROM %s.latest WHERE tenant = ? AND user_id = ?"
                .formatted(Columns.LATEST.names(), keyspace))
        .thenApply(SelectLatest::new);
  }

  BoundStatement bind(String tenant, String userId) {
    return prepared.bind(tenant, userId);
  }

  static TimelineItem read(Row row) {
    Object event = Columns.LATEST.read(row, 0).get("event");
    if (event == null) {
      throw new IllegalStateException("a row of table latest has no event");
    }
    return (TimelineItem) event;
  }
}
