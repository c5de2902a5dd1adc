package io.postflight.store;

import java.util.List;

/**
 * The primary key of a row.
 *
 * @param partition its partition
 * @param time {@code event_time} or {@code listed_at}, epoch milliseconds; 0 in tables without
 * @param id {@code event_id} or {@code message_id} of tables clustered by it; empty otherwise
 */
public record RowKey(PartitionKey partition, long time, String id) {
  /** The key of a message's own row. */
  public static RowKey ofMessage(String tenant, String messageId) {
    return new RowKey(PartitionKey.of(Table.MESSAGE, tenant, messageId), 0, "");
  }

  /** The table it belongs to. */
  public Table table() {
    return partition.table();
  }

  /** The values of {@link Table#clusteringColumns()}: String or Long (epoch milliseconds). */
  public List<Object> clustering() {
    return switch (table()) {
      case TIMELINE, MESSAGE_BY_TIME -> List.of(time, id);
      case MESSAGE, IDENTITY -> List.of();
    };
  }
}
