package io.postflight.topology.lifecycle;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Tier and shards of a tenant's rows.
 *
 * @param tier tier of new messages
 * @param timelineShards shard count of the tenant's timelines, by event_time in epoch milliseconds
 * @param listingShards shard count of the tenant's listing, by listed_at in epoch milliseconds
 */
public record Placement(
    String tier, LongToIntFunction timelineShards, LongToIntFunction listingShards) {

  /** The placement of rows of an event that was received at a time, epoch milliseconds. */
  static Placement of(Tenant tenant, long receivedAt) {
    return of(Optional.of(tenant), TenantTiers.tierAt(tenant, receivedAt));
  }

  /**
   * The placement of rows in a given tier. If the tenant was removed, one shard is sufficient: its
   * rows are not read any more.
   */
  static Placement of(Optional<Tenant> tenant, String tier) {
    return new Placement(
        tier,
        time -> tenant.map(known -> Shards.at(known.getTimelineShards(), time)).orElse(1),
        time -> tenant.map(known -> Shards.at(known.getListingShards(), time)).orElse(1));
  }
}
