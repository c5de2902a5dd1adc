package io.postflight.bench.workload;

import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tenants of a benchmark.
 *
 * @param count their number
 * @param usersPerTenant users of each, a few of whom receive most messages
 * @param tiers their tiers, in turns
 * @param providers that send webhooks
 */
public record BenchTenants(
    int count, int usersPerTenant, List<String> tiers, Set<String> providers) {
  /** The tier that is measured. */
  public static final String TIER = "30d";

  /** Those of most benchmarks. */
  public static final BenchTenants USUAL =
      new BenchTenants(20, 1_000, List.of(TIER), SimulationSettings.ALL_PROVIDERS);

  /** Secrets of every tenant, by provider and name. */
  private static final Map<String, Map<String, String>> SECRETS =
      Map.of(
          "whatsapp", Map.of("appSecret", "bench-app-secret"),
          "wasender", Map.of("webhookSecret", "bench-webhook-secret"),
          "twilio", Map.of("authToken", "bench-auth-token"),
          "events", Map.of("signingSecret", "bench-signing-secret"));

  /** Copies the collections. */
  public BenchTenants {
    tiers = List.copyOf(tiers);
    providers = Set.copyOf(providers);
  }

  /** The directory that every role gets. */
  public TenantDirectory directory() {
    List<ShardVersion> oneShard = List.of(new ShardVersion(1, 0L));
    List<Tenant> tenants = new ArrayList<>();
    for (int rank = 1; rank <= count; rank++) {
      tenants.add(
          new Tenant(
              name(rank),
              List.of(new TierPeriod(tiers.get(rank % tiers.size()), 0L)),
              oneShard,
              oneShard,
              List.of(ApiKeys.kept(key(name(rank)), List.of("read", "write", "erase"), 0)),
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
   * A simulation of their webhooks.
   *
   * @param messages number of messages
   * @param now the simulation's present, epoch milliseconds: the same gives the same webhooks
   */
  public SimulationSettings simulation(long seed, long messages, long now) {
    return SimulationSettings.of(seed, messages, byZipf(), now)
        .withUsersPerTenant(usersPerTenant)
        .withProviders(providers);
  }

  /**
   * Their names for a uniform choice that is to follow Zipf's law: the tenant of rank n stands in
   * the list in proportion to 1/n.
   */
  private List<String> byZipf() {
    List<String> names = new ArrayList<>();
    for (int rank = 1; rank <= count; rank++) {
      String name = name(rank);
      for (int i = 0; i < Math.max(1, 2 * count / rank); i++) {
        names.add(name);
      }
    }
    return names;
  }

  private static String name(int rank) {
    return "tenant-%02d".formatted(rank);
  }
}
