package io.postflight.topology;

import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.List;
import java.util.Map;

/** Tenants for tests. */
final class TestTenants {
  private TestTenants() {}

  static Tenant tenant(String id, TierPeriod... tiers) {
    return new Tenant(
        id,
        List.of(tiers),
        List.of(new ShardVersion(4, 0L)),
        List.of(new ShardVersion(2, 0L)),
        List.of(),
        Map.of());
  }

  static Tenant tenant(String id, String tier) {
    return tenant(id, new TierPeriod(tier, 0L));
  }
}
