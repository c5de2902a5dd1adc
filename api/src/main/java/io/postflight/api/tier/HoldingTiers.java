package io.postflight.api.tier;

import io.postflight.api.http.Problem;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Selects the tiers that may hold rows of a tenant.
 *
 * @param <T> the resource of each tier, such as its reader
 */
public final class HoldingTiers<T> {
  private final Map<String, T> byTier;
  private final Function<T, Tier> tier;
  private final Duration lifecycleRetention;
  private final InstantSource clock;

  /**
   * Creates a selection over the configured tiers.
   *
   * @param tier maps a resource to its tier
   * @param lifecycleRetention how long a tenant's former tier still receives rows
   */
  public HoldingTiers(
      Collection<? extends T> all,
      Function<T, Tier> tier,
      Duration lifecycleRetention,
      InstantSource clock) {
    this.byTier = all.stream().collect(Collectors.toMap(each -> tier.apply(each).name(), x -> x));
    this.tier = tier;
    this.lifecycleRetention = lifecycleRetention;
    this.clock = clock;
  }

  /**
   * The tiers of a tenant, newest first.
   *
   * @throws io.postflight.api.http.Problem 503 if one of the tiers is not configured: a result
   *     without it would be incomplete
   */
  public List<T> of(Tenant tenant) {
    List<T> found = new ArrayList<>(2);
    for (String name : TenantTiers.tiersStillHolding(tenant, clock.millis(), this::kept)) {
      T each = byTier.get(name);
      if (each == null) {
        throw Problem.unavailable("tier '" + name + "' is not configured at this server");
      }
      found.add(each);
    }
    return found;
  }

  /** Those of all tiers. */
  public List<T> all() {
    return List.copyOf(byTier.values());
  }

  /** How long rows may still stand in a tier after a tenant has left it; null: for ever. */
  private @Nullable Duration kept(String name) {
    T each = byTier.get(name);
    Duration retention = each == null ? null : tier.apply(each).retention();
    return retention == null ? null : retention.plus(lifecycleRetention);
  }
}
