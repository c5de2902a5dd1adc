package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.RowScanner;
import io.postflight.store.RowScanner.ScannedRow;
import io.postflight.store.Table;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Reads the rows of a table by token range: keys, the columns that identify message and user, and
 * write timestamps, but no content.
 */
record SelectTokenRange(PreparedStatement prepared, Table table) {
  private static final BigInteger TOKENS = BigInteger.ONE.shiftLeft(64);

  static CompletionStage<SelectTokenRange> prepare(
      CqlSession session, String keyspace, Table table) {
    List<String> selected = PrimaryKeys.columns(table);
    selected.addAll(RowScanner.columns(table));
    timed(table).forEach(column -> selected.add("WRITETIME(" + column + ")"));
    String token = "token(" + String.join(", ", table.partitionColumns()) + ")";
    return session
        .prepareAsync(
            "SELECT %s FROM %s.%s WHERE %s >= ? AND %s <= ?"
                .formatted(String.join(", ", selected), keyspace, table.cqlName(), token, token))
        .thenApply(prepared -> new SelectTokenRange(prepared, table));
  }

  /** Binds the token range (Murmur3) of one of several equal slices. */
  BoundStatement bind(int slice, int slices) {
    return prepared.bind(start(slice, slices), start(slice + 1, slices) - 1);
  }

  /** The first token of a slice; after the last slice it wraps around to the first. */
  private static long start(int slice, int slices) {
    return TOKENS
        .multiply(BigInteger.valueOf(slice))
        .divide(BigInteger.valueOf(slices))
        .add(BigInteger.valueOf(Long.MIN_VALUE))
        .longValue();
  }

  /** Whether it is a row of the table: a partition without rows is returned for its pointers. */
  boolean isRow(Row row) {
    return !row.isNull(PrimaryKeys.columns(table).size() - 1);
  }

  ScannedRow read(Row row) {
    Map<String, Object> cells = new HashMap<>();
    int at = PrimaryKeys.columns(table).size();
    for (String name : RowScanner.columns(table)) {
      Object value = column(name).type().get(row, at++);
      if (value != null) {
        cells.put(name, value);
      }
    }
    long oldest = Long.MAX_VALUE;
    long newest = Long.MIN_VALUE;
    for (int end = at + timed(table).size(); at < end; at++) {
      if (!row.isNull(at)) {
        oldest = Math.min(oldest, row.getLong(at));
        newest = Math.max(newest, row.getLong(at));
      }
    }
    return new ScannedRow(key(row), cells, oldest, newest);
  }

  private Columns.Column column(String name) {
    return Columns.of(table).list().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private RowKey key(Row row) {
    String tenant = text(row, 0);
    return switch (table) {
      case MESSAGE, IDENTITY -> new RowKey(PartitionKey.of(table, tenant, text(row, 1)), 0, "");
      case MESSAGE_BY_TIME ->
          new RowKey(
              new PartitionKey(table, tenant, "", millis(row, 1), row.getShort(2)),
              millis(row, 3),
              text(row, 4));
      case TIMELINE ->
          new RowKey(
              new PartitionKey(table, tenant, text(row, 1), millis(row, 2), row.getShort(3)),
              millis(row, 4),
              text(row, 5));
    };
  }

  private static String text(Row row, int i) {
    return Objects.requireNonNull(row.getString(i));
  }

  private static long millis(Row row, int i) {
    Instant value = Objects.requireNonNull(row.getInstant(i));
    return value.toEpochMilli();
  }

  private static List<String> timed(Table table) {
    return Columns.of(table).list().stream()
        .filter(column -> !column.type().addedTo())
        .map(Columns.Column::name)
        .toList();
  }
}
