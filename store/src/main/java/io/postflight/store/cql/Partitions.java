package io.postflight.store.cql;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.store.Bucket;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.ArrayList;
import java.util.List;

/** The partitions that can have rows of a subject. */
final class Partitions {
  private Partitions() {}

  /** The partitions of a user's timeline in some buckets, all shards of each. */
  static List<PartitionKey> timeline(
      String tenant, String userId, List<Bucket> buckets, List<ShardVersion> shards) {
    List<PartitionKey> partitions = new ArrayList<>();
    for (Bucket bucket : buckets) {
      int count = Shards.max(shards, bucket.start(), bucket.end());
      for (int shard = 0; shard < count; shard++) {
        partitions.add(new PartitionKey(Table.TIMELINE, tenant, userId, bucket.start(), shard));
      }
    }
    return partitions;
  }
}
