package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.RowKey;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Reads one row of a table with the write timestamp and remaining TTL of each of its cells. */
record SelectRow(PreparedStatement prepared, Columns columns) {
  static CompletionStage<SelectRow> prepare(CqlSession session, String keyspace, Table table) {
    Columns columns = Columns.of(table);
    String selected =
        columns.list().stream().map(SelectRow::selected).collect(Collectors.joining(", "));
    return session
        .prepareAsync(
            "SELECT %s FROM %s.%s WHERE %s"
                .formatted(selected, keyspace, table.cqlName(), PrimaryKeys.row(table)))
        .thenApply(prepared -> new SelectRow(prepared, columns));
  }

  /**
   * A value, its write timestamp and its remaining TTL; of a collection by element only the value.
   */
  private static String selected(Columns.Column column) {
    String name = column.name();
    return column.type().addedTo()
        ? name
        : "%s, WRITETIME(%s), TTL(%s)".formatted(name, name, name);
  }

  BoundStatement bind(RowKey key) {
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key)
        .setExecutionProfileName(SessionConfig.READ)
        .setIdempotence(true)
        .build();
  }

  StoredCells read(Row row) {
    Map<String, StoredCell> cells = new HashMap<>();
    int at = 0;
    for (Columns.Column column : columns.list()) {
      boolean added = column.type().addedTo();
      Object value = column.type().get(row, at);
      if (value != null && added) {
        cells.put(column.name(), new StoredCell(value, StoredCell.UNKNOWN_WRITE, null));
      } else if (value != null) {
        cells.put(
            column.name(),
            new StoredCell(
                value, row.getLong(at + 1), row.isNull(at + 2) ? null : row.getInt(at + 2)));
      }
      at += added ? 1 : 3;
    }
    return new StoredCells(cells);
  }
}
