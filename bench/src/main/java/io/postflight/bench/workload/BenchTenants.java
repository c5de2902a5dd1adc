package io.postflight.bench.workload;

import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tenants of a benchmark, all of one tier. */
public final class BenchTenants {
  /** The tier that is measured. */
  public static final String TIER = "30d";

  private static final int COUNT = 20;

  /** Secrets of every tenant, by provider and name. */
  private static final Map<String, Map<String, String>> SECRETS =
      Map.of(
          "whatsapp", Map.of("appSecret", "bench-app-secret"),
          "wasender", Map.of("webhookSecret", "bench-webhook-secret"),
          "twilio", Map.of("authToken", "bench-auth-token"),
          "events", Map.of("signingSecret", "bench-signing-secret"));

  private BenchTenants() {}

  /** The directory that every role gets. */
  public static TenantDirectory directory() {
    List<ShardVersion> oneShard = List.of(new ShardVersion(1, 0L));
    List<Tenant> tenants = new ArrayList<>();
    for (int rank = 1; rank <= COUNT; rank++) {
      tenants.add(
          new Tenant(
              name(rank),
              List.of(new TierPeriod(TIER, 0L)),
              oneShard,
              oneShard,
              List.of(ApiKeys.kept(key(name(rank)), List.of("read"), 0)),
              SECRETS));
    }
    return FixedTenants.of(tenants);
  }

  /** The API key of a tenant. */
  public static String key(String tenant) {
    return "pf_" + tenant + "_0123456789ABCDEFGHIJKLMNOPQRSTUV";
  }

  /** The secrets of a tenant for a provider, by name. */
  public static Map<String, String> secrets(String provider) {
    return SECRETS.getOrDefault(provider, Map.of());
  }

  /**
   * Their names for a uniform choice that is to follow Zipf's law: the tenant of rank n stands in
   * the list in proportion to 1/n.
   */
  public static List<String> byZipf() {
    List<String> names = new ArrayList<>();
    for (int rank = 1; rank <= COUNT; rank++) {
      for (int i = 0; i < Math.max(1, 2 * COUNT / rank); i++) {
        names.add(name(rank));
      }
    }
    return names;
  }

  private static String name(int rank) {
    return "tenant-%02d".formatted(rank);
  }
}
