package io.postflight.schema.directory;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.List;
import java.util.Map;

/** Tenants to test with. */
final class Tenants {
  private Tenants() {}

  static Tenant tenant(String id, ApiKey... keys) {
    return tenant(id, List.of(new TierPeriod("30d", 0L)), List.of(keys));
  }

  static Tenant tenant(String id, List<TierPeriod> tiers, List<ApiKey> keys) {
    return new Tenant(
        id,
        tiers,
        List.of(new ShardVersion(1, 0L)),
        List.of(new ShardVersion(4, 0L)),
        keys,
        Map.of("whatsapp", Map.of("appSecret", "s3cret-of-" + id, "verifyToken", "v")));
  }
}
