package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/** Deletes one row of a table, or a column of it. */
record DeleteRow(PreparedStatement prepared) {
  /** Deletes the row. */
  static CompletionStage<DeleteRow> prepare(CqlSession session, String keyspace, Table table) {
    return prepare(session, keyspace, table, "");
  }

  /**
   * Deletes a column.
   *
   * @param column its name
   */
  static CompletionStage<DeleteRow> prepare(
      CqlSession session, String keyspace, Table table, String column) {
    return session
        .prepareAsync(
            "DELETE %s FROM %s.%s USING TIMESTAMP ? WHERE %s"
                .formatted(column, keyspace, table.cqlName(), PrimaryKeys.row(table)))
        .thenApply(DeleteRow::new);
  }

  BoundStatement bind(RowKey key, long timestampMicros) {
    return PrimaryKeys.bind(prepared.boundStatementBuilder().setLong(0, timestampMicros), 1, key)
        .setIdempotence(true)
        .build();
  }
}
