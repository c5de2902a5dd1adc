package io.postflight.operations.admin;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;

/**
 * A tenant as it is listed.
 *
 * @param id its name
 * @param tier its newest tier
 * @param keys number of its API keys
 */
public record TenantSummary(String id, String tier, int keys) {
  static TenantSummary of(Tenant tenant) {
    return new TenantSummary(tenant.getId(), TenantTiers.newest(tenant), tenant.getKeys().size());
  }
}
