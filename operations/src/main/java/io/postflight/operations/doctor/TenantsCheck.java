package io.postflight.operations.doctor;

import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Are all records of tenants valid? */
final class TenantsCheck {
  private static final String CHECK = "tenants";
  private static final int MOST = 20;

  List<Finding> findings(TenantFeed tenants) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> refused = new TreeMap<>(tenants.refused());
    for (Map.Entry<String, String> each : refused.entrySet()) {
      if (findings.size() < MOST) {
        boolean kept = tenants.current().find(each.getKey()).isPresent();
        findings.add(
            Finding.fail(
                CHECK,
                each.getKey(),
                "its newest record is rejected by roles, which "
                    + (kept ? "use the previous one until they restart" : "do not have the tenant")
                    + ": "
                    + each.getValue(),
                "postflight tenants apply, with a valid record"));
      }
    }
    if (refused.size() > MOST) {
      findings.add(
          Finding.fail(
              CHECK,
              "tenants",
              "%d further records are rejected".formatted(refused.size() - MOST),
              "fix those above first"));
    }
    long without =
        tenants.current().all().stream().map(Tenant::getKeys).filter(List::isEmpty).count();
    if (without > 0) {
      findings.add(
          Finding.warn(
              CHECK,
              "keys",
              without + " tenants have no API key: their data cannot be read",
              "postflight keys create --tenant T"));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(CHECK, "tenants", tenants.current().size() + " tenants, all valid"));
    }
    return findings;
  }
}
