package io.postflight.operations.replay;

import io.postflight.schema.tenant.Tenant;
import io.postflight.store.TimelineShards;
import java.util.Optional;
import java.util.function.Function;

/** How the timelines of a deployment's tenants are cut. */
public final class TenantShards {
  private TenantShards() {}

  /**
   * As the tenants' records say, whatever they say by the time of asking. Of a tenant without a
   * record (any more) all shards are searched.
   */
  public static TimelineShards of(Function<String, Optional<Tenant>> tenants) {
    return id ->
        tenants.apply(id).map(Tenant::getTimelineShards).orElseGet(TimelineShards::unknown);
  }
}
