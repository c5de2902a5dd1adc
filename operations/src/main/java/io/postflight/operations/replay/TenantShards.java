package io.postflight.operations.replay;

import io.postflight.schema.tenant.Tenant;
import io.postflight.store.TimelineShards;
import java.util.Optional;
import java.util.function.Function;

/** Shards of the timelines of a deployment's tenants. */
public final class TenantShards {
  private TenantShards() {}

  /**
   * According to the current records of the tenants. Of a tenant without a record all shards are
   * searched.
   */
  public static TimelineShards of(Function<String, Optional<Tenant>> tenants) {
    return id ->
        tenants.apply(id).map(Tenant::getTimelineShards).orElseGet(TimelineShards::unknown);
  }
}
