package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes one row of a table; of two rows with one key the later write timestamp wins. */
record InsertRow(PreparedStatement prepared, Columns columns) {
  static CompletionStage<InsertRow> prepare(CqlSession session, String keyspace, Table table) {
    List<String> keys = PrimaryKeys.columns(table);
    Columns columns = Columns.of(table);
    return session
        .prepareAsync(
            "INSERT INTO %s.%s (%s, %s) VALUES (%s) USING TIMESTAMP ? AND TTL ?"
                .formatted(
                    keyspace,
                    table.cqlName(),
                    String.join(", ", keys),
                    columns.names(),
                    String.join(
                        ", ", Collections.nCopies(keys.size() + columns.list().size(), "?"))))
        .thenApply(prepared -> new InsertRow(prepared, columns));
  }

  /**
   * @param cells as in {@link io.postflight.store.Row#cells()}
   */
  BoundStatement bind(
      RowKey key, Map<String, @Nullable Object> cells, long timestampMicros, int ttlSeconds) {
    int keys = PrimaryKeys.columns(key.table()).size();
    int after = keys + columns.list().size();
    BoundStatementBuilder bound = PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key);
    return columns
        .bind(prepared, bound, keys, cells)
        .setLong(after, timestampMicros)
        .setInt(after + 1, ttlSeconds)
        .setIdempotence(true)
        .build();
  }
}
