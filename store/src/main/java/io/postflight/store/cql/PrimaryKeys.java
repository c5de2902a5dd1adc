package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.time.Instant;

/** Primary keys in CQL. */
final class PrimaryKeys {
  private PrimaryKeys() {}

  /** The columns of a table outside its primary key. */
  static Columns columns(Table table) {
    return switch (table) {
      case TIMELINE -> Columns.TIMELINE;
      case LATEST -> Columns.LATEST;
      case MESSAGE -> Columns.MESSAGE;
      case MESSAGE_BY_TIME -> Columns.MESSAGE_BY_TIME;
    };
  }

  /** The WHERE clause of a statement for one row. */
  static String condition(Table table) {
    return switch (table) {
      case TIMELINE ->
          "tenant = ? AND user_id = ? AND bucket = ? AND shard = ?"
              + " AND event_time = ? AND event_id = ?";
      case LATEST -> "tenant = ? AND user_id = ? AND type = ?";
      case MESSAGE -> "tenant = ? AND message_id = ?";
      case MESSAGE_BY_TIME ->
          "tenant = ? AND bucket = ? AND shard = ? AND listed_at = ? AND message_id = ?";
    };
  }

  /** Binds a key to the variables of {@link #condition}, the first of which has an index. */
  static BoundStatementBuilder bind(BoundStatementBuilder statement, int first, RowKey key) {
    PartitionKey partition = key.partition();
    int i = first;
    BoundStatementBuilder bound = statement.setString(i++, partition.tenant());
    if (key.table() != Table.MESSAGE_BY_TIME) {
      bound = bound.setString(i++, partition.subject());
    }
    if (key.table() == Table.TIMELINE || key.table() == Table.MESSAGE_BY_TIME) {
      bound =
          bound
              .setInstant(i++, Instant.ofEpochMilli(partition.bucket()))
              .setShort(i++, (short) partition.shard())
              .setInstant(i++, Instant.ofEpochMilli(key.time()));
    }
    return key.table() == Table.MESSAGE ? bound : bound.setString(i, key.id());
  }
}
