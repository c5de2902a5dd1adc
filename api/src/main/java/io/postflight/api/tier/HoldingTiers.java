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
 * Finds the tiers that may still hold rows of a tenant.
 *
 * @param <T> what there is to each tier, such as its reader
 */
public final class HoldingTiers<T> {
  private final Map<String, T> byTier;
  private final Function<T, Tier> tier;
  private final Duration lifeRetained;
  private final InstantSource clock;

  /**
   * Over the tiers that are configured here.
   *
   * @param tier the tier that each of them is of
   * @param lifeRetained how long a tier that a tenant has left still gets rows
   */
  public HoldingTiers(
      Collection<? extends T> all,
      Function<T, Tier> tier,
      Duration lifeRetained,
      InstantSource clock) {
    this.byTier = all.stream().collect(Collectors.toMap(each -> tier.apply(each).name(), x -> x));
    this.tier = tier;
    this.lifeRetained = lifeRetained;
    this.clock = clock;
  }

  /**
   * Those of a tenant, the newest tier's first.
   *
   * @throws io.postflight.api.http.ProblemException 503 if one of the tiers is not configured here:
   *     an answer without it would look whole and not be
   */
  public List<T> of(Tenant tenant) {
    List<T> found = new ArrayList<>(2);
    for (String name : TenantTiers.tiersStillHolding(tenant, clock.millis(), this::kept)) {
      T each = byTier.get(name);
      if (each == null) {
        throw Problem.unavailable("tier '" + name + "' is not configured at this server")
            .asException();
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
    return retention == null ? null : retention.plus(lifeRetained);
  }
}
