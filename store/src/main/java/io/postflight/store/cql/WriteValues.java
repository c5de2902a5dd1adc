package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a write, added in the order of its markers. */
final class WriteValues {
  private final BoundStatementBuilder statement;
  private int next;

  WriteValues(PreparedStatement prepared) {
    statement = prepared.boundStatementBuilder();
  }

  /** The write timestamp. */
  @SuppressWarnings("CheckReturnValue") // the builder itself
  WriteValues timestamp(long micros) {
    statement.setLong(next++, micros);
    return this;
  }

  /** The write timestamp, and the time to live. */
  @SuppressWarnings("CheckReturnValue") // the builder itself
  WriteValues times(long timestampMicros, int ttlSeconds) {
    statement.setLong(next++, timestampMicros).setInt(next++, ttlSeconds);
    return this;
  }

  /**
   * The columns of a row. A column without a cell stays unset, since a null would write a
   * tombstone.
   */
  @SuppressWarnings("CheckReturnValue") // the builder itself
  WriteValues cells(Columns columns, Map<String, @Nullable Object> cells) {
    List<Columns.Column> list = columns.list();
    for (int i = 0; i < list.size(); i++) {
      Columns.Column column = list.get(i);
      Object value = cells.get(column.name());
      if (value != null) {
        statement.setBytesUnsafe(next, column.type().encode(value));
      } else if (cells.containsKey(column.name())) {
        statement.setToNull(next);
      }
      next++;
    }
    return this;
  }

  /** A slot of the last events, and its pointer. */
  @SuppressWarnings("CheckReturnValue") // the builder itself
  WriteValues pointer(EventPointer pointer) {
    statement
        .setBytesUnsafe(next++, CellBytes.text(EventPointer.slot(pointer.type())))
        .setBytesUnsafe(next++, CellBytes.pointer(pointer));
    return this;
  }

  /** The primary key of a row. */
  WriteValues key(RowKey key) {
    return partition(key.partition()).key(key.clustering());
  }

  /** The key of a partition. */
  WriteValues partition(PartitionKey partition) {
    return key(partition.values());
  }

  @SuppressWarnings("CheckReturnValue") // the builder itself
  private WriteValues key(List<Object> values) {
    for (int i = 0; i < values.size(); i++) {
      statement.setBytesUnsafe(next++, PrimaryKeys.encode(values.get(i)));
    }
    return this;
  }

  BoundStatement build() {
    return statement.setIdempotence(true).build();
  }
}
