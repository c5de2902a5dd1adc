package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Primary keys in CQL. */
final class PrimaryKeys {
  private PrimaryKeys() {}

  /** The names of a primary key's columns. */
  static List<String> columns(Table table) {
    List<String> columns = new ArrayList<>(table.partitionColumns());
    columns.addAll(table.clusteringColumns());
    return columns;
  }

  /** The WHERE clause of a statement for one row. */
  static String row(Table table) {
    return equal(columns(table));
  }

  /** The WHERE clause of a statement for one partition. */
  static String partition(Table table) {
    return equal(table.partitionColumns());
  }

  private static String equal(List<String> columns) {
    return columns.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND "));
  }

  /** Binds a key to the variables of {@link #row}, the first of which has an index. */
  static BoundStatementBuilder bind(BoundStatementBuilder statement, int first, RowKey key) {
    List<Object> partition = key.partition().values();
    return bind(bind(statement, first, partition), first + partition.size(), key.clustering());
  }

  /** Binds values of key columns to variables, the first of which has an index. */
  static BoundStatementBuilder bind(
      BoundStatementBuilder statement, int first, List<Object> values) {
    BoundStatementBuilder bound = statement;
    for (int i = 0; i < values.size(); i++) {
      bound = bound.setBytesUnsafe(first + i, encode(values.get(i)));
    }
    return bound;
  }

  /**
   * The value of a key column, as the protocol encodes it.
   *
   * @throws IllegalArgumentException if a text has an unpaired surrogate, which would be replaced
   *     and so name another row
   */
  static ByteBuffer encode(Object value) {
    if (value instanceof String text) {
      requirePairedSurrogates(text);
      return CellBytes.text(text);
    }
    return value instanceof Long millis
        ? CellBytes.time(millis)
        : CellBytes.number((Integer) value);
  }

  private static void requirePairedSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          throw new IllegalArgumentException("a key has an unpaired surrogate");
        }
        i++;
      }
    }
  }
}
