package io.postflight.store;

import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.tenant.ShardVersion;
import java.util.List;

/** Timeline shard counts of tenants, used to find all rows of a user. */
@FunctionalInterface
public interface TimelineShards {
  /**
   * The timeline shard counts of a tenant, oldest first; {@link #unknown()} for an unknown or
   * removed tenant, whose rows may still exist.
   */
  List<ShardVersion> of(String tenant);

  /** The maximum number of shards. Finds all rows, at the cost of some thousand reads per user. */
  static List<ShardVersion> unknown() {
    return List.of(new ShardVersion(TenantRules.MOST_SHARDS, 0L));
  }
}
