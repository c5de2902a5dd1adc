package io.postflight.store;

/**
 * Key of a partition: rows with equal keys may be written as one batch.
 *
 * @param table the table
 * @param tenant the tenant
 * @param subject user id or message id; empty in {@link Table#MESSAGE_BY_TIME}
 * @param bucket start of the bucket, epoch milliseconds; 0 in tables without buckets
 * @param shard shard of the bucket; 0 in tables without shards
 */
public record PartitionKey(Table table, String tenant, String subject, long bucket, int shard) {}
