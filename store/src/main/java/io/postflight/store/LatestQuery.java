package io.postflight.store;

import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read of a user's last events.
 *
 * @param tenant the tenant
 * @param userId the user
 * @param shards shard counts of the tenant's timelines
 * @param type exact type; null: of each type
 * @param budget after this time the read fails; null: unlimited
 */
public record LatestQuery(
    String tenant,
    String userId,
    List<ShardVersion> shards,
    @Nullable String type,
    @Nullable Duration budget) {
  /** Copies the list. */
  public LatestQuery {
    shards = List.copyOf(shards);
  }
}
