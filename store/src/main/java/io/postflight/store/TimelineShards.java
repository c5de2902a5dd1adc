package io.postflight.store;

import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.tenant.ShardVersion;
import java.util.List;

/**
 * How tenants' timelines are cut, for those who have to find all rows of a user without being told
 * by whoever asks.
 */
@FunctionalInterface
public interface TimelineShards {
  /**
   * The timeline shard counts of a tenant, oldest first; {@link #unknown()} for a tenant that is
   * not known (any more), whose rows may still be there.
   */
  List<ShardVersion> of(String tenant);

  /**
   * All shards that any tenant can have. Misses nothing, at the price of some thousand reads for a
   * user.
   */
  static List<ShardVersion> unknown() {
    return List.of(new ShardVersion(TenantRules.MOST_SHARDS, 0L));
  }
}
