package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.TimelineItem;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Reads the latest event of each type of a user, with write timestamps. */
record SelectWrittenLatest(PreparedStatement prepared) {
  static CompletionStage<SelectWrittenLatest> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("SELECT %s, WRITETIME(event), TTL(event) FROM %s.latest"
                    + " WHERE tenant = ? AND user_id = ?")
                .formatted(Columns.LATEST.names(), keyspace))
        .thenApply(SelectWrittenLatest::new);
  }

  BoundStatement bind(PartitionKey partition) {
    return prepared.bind(partition.tenant(), partition.subject());
  }

  static WrittenLatest read(Row row, PartitionKey partition) {
    TimelineItem event =
        (TimelineItem) Objects.requireNonNull(Columns.LATEST.read(row, 0).get("event"));
    return new WrittenLatest(
        new RowKey(partition, 0, event.type()), event, row.getLong(1), row.getInt(2));
  }
}
