package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.ListingRow;
import io.postflight.store.Table;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writes a message's listing row; the higher revision wins regardless of order. */
record InsertListing(PreparedStatement prepared) {
  private static final List<String> KEYS = PrimaryKeys.columns(Table.MESSAGE_BY_TIME);
  private static final Columns COLUMNS = Columns.MESSAGE_BY_TIME;

  static CompletionStage<InsertListing> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "INSERT INTO %s.message_by_time (%s, %s) VALUES (%s) USING TIMESTAMP ? AND TTL ?"
                .formatted(
                    keyspace,
                    String.join(", ", KEYS),
                    COLUMNS.names(),
                    String.join(
                        ", ", Collections.nCopies(KEYS.size() + COLUMNS.list().size(), "?"))))
        .thenApply(InsertListing::new);
  }

  BoundStatement bind(ListingRow row, int ttlSeconds) {
    return new WriteValues(prepared)
        .key(row.key())
        .cells(COLUMNS, row.cells())
        .times(row.writeTimestampMicros(), ttlSeconds)
        .build();
  }
}
