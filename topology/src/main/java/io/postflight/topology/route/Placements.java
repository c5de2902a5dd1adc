package io.postflight.topology.route;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.topology.lifecycle.Placement;
import java.util.Optional;

/** Where the rows of tenants go. */
public final class Placements {
  private Placements() {}

  /** Where rows of a tenant go whose event was received then, epoch milliseconds. */
  public static Placement of(Tenant tenant, long receivedAt) {
    return new Placement(
        TenantTiers.tierAt(tenant, receivedAt),
        time -> Shards.at(tenant.getTimelineShards(), time),
        time -> Shards.at(tenant.getListingShards(), time));
  }

  /**
   * Where rows of a life go whose deadline has come. Its tenant may be gone by then; nobody reads
   * the listing of such a tenant, so one shard does.
   */
  public static Placement ofLife(Optional<Tenant> tenant, String tier) {
    return new Placement(
        tier,
        time -> tenant.map(known -> Shards.at(known.getTimelineShards(), time)).orElse(1),
        time -> tenant.map(known -> Shards.at(known.getListingShards(), time)).orElse(1));
  }
}
