package io.postflight.store.cql;

import io.postflight.schema.tenant.ShardVersion;
import io.postflight.store.Bucket;
import io.postflight.store.Buckets;
import io.postflight.store.ShardCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * One partition of a user's timeline.
 *
 * @param tenant the tenant
 * @param userId the user
 * @param bucket start of its bucket, epoch milliseconds
 * @param shard its shard
 */
record TimelinePartition(String tenant, String userId, long bucket, int shard) {
  /** All partitions that can have events with from <= event_time < to, newest first. */
  static List<TimelinePartition> of(
      String tenant,
      String userId,
      Buckets buckets,
      List<ShardVersion> shards,
      long from,
      long to) {
    List<TimelinePartition> partitions = new ArrayList<>();
    for (Bucket bucket : buckets.newestFirst(from, to)) {
      int count = ShardCounts.max(shards, bucket.start(), bucket.end());
      for (int shard = 0; shard < count; shard++) {
        partitions.add(new TimelinePartition(tenant, userId, bucket.start(), shard));
      }
    }
    return partitions;
  }
}
