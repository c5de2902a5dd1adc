package io.postflight.schema.directory;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * Validates tenants. Each problem names the field, its value and what is allowed, but no secrets.
 */
public final class TenantRules {
  /** Maximum number of shards. */
  public static final int MOST_SHARDS = 256;

  /** Maximum number of valid API keys. */
  public static final int MOST_KEYS = 2;

  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> SCOPES = Set.copyOf(ApiKeys.SCOPES);

  /** Empty: any name. */
  private final Set<String> tiers;

  /** Hashes of publicly known keys, and publicly known secrets. */
  private final Set<String> published;

  private TenantRules(Set<String> tiers, Set<String> published) {
    this.tiers = tiers;
    this.published = published;
  }

  /** Rules of a deployment with these tiers. */
  public static TenantRules withTiers(Set<String> tiers) {
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("tiers: none given; at least one is needed");
    }
    return new TenantRules(new TreeSet<>(tiers), Set.of());
  }

  /** Rules that accept any tier name, for readers without configured tiers. */
  public static TenantRules anyTier() {
    return new TenantRules(Set.of(), Set.of());
  }

  /**
   * A copy that also rejects publicly known keys and secrets, such as those of the development
   * tenants.
   *
   * @param known hashes of keys, and secrets
   */
  public TenantRules refusingPublished(Set<String> known) {
    return new TenantRules(tiers, Set.copyOf(known));
  }

  /** The problems of a tenant; empty if it is valid. */
  public List<String> problems(Tenant tenant) {
    List<String> problems = new ArrayList<>();
    if (!ID.matcher(tenant.getId()).matches()) {
      problems.add(
          "id: '%s' is not allowed; 1 to 63 of a-z, 0-9, '-' and '_', the first a letter or digit"
              .formatted(tenant.getId()));
    }
    history(problems, "tiers", tenant.getTiers(), TierPeriod::getFrom, TierPeriod::getTier);
    for (TierPeriod period : tenant.getTiers()) {
      if (!tiers.isEmpty() && !tiers.contains(period.getTier())) {
        problems.add(
            "tier: there is no tier '%s'; allowed: %s"
                .formatted(period.getTier(), String.join(", ", tiers)));
      }
    }
    shards(problems, "timelineShards", tenant.getTimelineShards());
    shards(problems, "listingShards", tenant.getListingShards());
    keys(problems, tenant.getKeys());
    published(problems, tenant);
    tenant.getSecrets().forEach((provider, secrets) -> secrets(problems, provider, secrets));
    return problems;
  }

  /**
   * Returns the tenant if it is valid.
   *
   * @throws IllegalArgumentException with all problems
   */
  public Tenant require(Tenant tenant) {
    List<String> problems = problems(tenant);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "tenant '%s': %s".formatted(tenant.getId(), String.join("; ", problems)));
    }
    return tenant;
  }

  private void published(List<String> problems, Tenant tenant) {
    for (ApiKey key : tenant.getKeys()) {
      if (published.contains(key.getSha256())) {
        problems.add("keys: '%s' is publicly known; create another key".formatted(key.getId()));
      }
    }
    tenant
        .getSecrets()
        .forEach(
            (provider, secrets) -> {
              if (secrets.values().stream().anyMatch(published::contains)) {
                problems.add(
                    "secrets: one of '%s' is publicly known; create another secret at the provider"
                        .formatted(provider));
              }
            });
  }

  private static void shards(List<String> problems, String field, List<ShardVersion> versions) {
    history(problems, field, versions, ShardVersion::getFrom, v -> "count " + v.getCount());
    for (ShardVersion version : versions) {
      if (version.getCount() < 1 || version.getCount() > MOST_SHARDS) {
        problems.add(
            "%s: count %d is not allowed; 1 to %d"
                .formatted(field, version.getCount(), MOST_SHARDS));
      }
    }
  }

  private static <T> void history(
      List<String> problems,
      String field,
      List<T> history,
      ToLongFunction<T> from,
      Function<T, String> name) {
    if (history.isEmpty()) {
      problems.add(field + ": empty; at least one entry is needed");
    }
    for (int i = 1; i < history.size(); i++) {
      long before = from.applyAsLong(history.get(i - 1));
      long time = from.applyAsLong(history.get(i));
      if (time <= before) {
        problems.add(
            "%s: '%s' starts at %d, the previous entry at %d; allowed: oldest first, each later than the previous"
                .formatted(field, name.apply(history.get(i)), time, before));
      }
    }
    if (!history.isEmpty() && from.applyAsLong(history.get(0)) < 0) {
      problems.add(
          "%s: from %d is not allowed; 0 or later"
              .formatted(field, from.applyAsLong(history.get(0))));
    }
  }

  private static void keys(List<String> problems, List<ApiKey> keys) {
    if (keys.size() > MOST_KEYS) {
      problems.add("keys: %d keys; at most %d may be valid".formatted(keys.size(), MOST_KEYS));
    }
    Set<String> ids = new HashSet<>();
    for (ApiKey key : keys) {
      if (key.getId().isEmpty() || !ids.add(key.getId())) {
        problems.add("keys: id '%s' is empty or used twice".formatted(key.getId()));
      }
      if (!SHA_256.matcher(key.getSha256()).matches()) {
        problems.add(
            "keys: sha256 of '%s' is not allowed; 64 of 0-9 and a-f".formatted(key.getId()));
      }
      if (!SCOPES.containsAll(key.getScopes()) || key.getScopes().isEmpty()) {
        problems.add(
            "keys: scopes %s of '%s' are not allowed; one or more of %s"
                .formatted(key.getScopes(), key.getId(), ApiKeys.SCOPES));
      }
    }
  }

  private static void secrets(List<String> problems, String provider, Map<String, String> secrets) {
    secrets.forEach(
        (name, secret) -> {
          if (secret.isBlank()) {
            problems.add(
                "secrets: '%s' of '%s' is blank; allowed: a text".formatted(name, provider));
          }
        });
  }
}
