package io.postflight.store;

import java.util.List;

/**
 * Key of a partition: rows with equal keys may be written as one batch.
 *
 * @param table the table
 * @param tenant the tenant
 * @param subject user id, message id or alias; empty in {@link Table#MESSAGE_BY_TIME}
 * @param bucket start of the bucket, epoch milliseconds; 0 in tables without buckets
 * @param shard shard of the bucket; 0 in tables without shards
 */
public record PartitionKey(Table table, String tenant, String subject, long bucket, int shard) {
  /** The partition of a subject in a table without buckets and shards. */
  public static PartitionKey of(Table table, String tenant, String subject) {
    return new PartitionKey(table, tenant, subject, 0, 0);
  }

  /**
   * The values of {@link Table#partitionColumns()}: String, Long (epoch milliseconds) or Integer.
   */
  public List<Object> values() {
    return switch (table) {
      case TIMELINE -> List.of(tenant, subject, bucket, shard);
      case MESSAGE, IDENTITY -> List.of(tenant, subject);
      case MESSAGE_BY_TIME -> List.of(tenant, bucket, shard);
    };
  }
}
