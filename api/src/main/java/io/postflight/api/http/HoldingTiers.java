package io.postflight.api.http;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.EventStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Selects the tiers that may hold rows of a tenant. */
public final class HoldingTiers {
  private final Map<String, EventStore> byTier;
  private final Duration lifecycleRetention;
  private final InstantSource clock;

  /**
   * Creates a selection over the stores of the configured tiers.
   *
   * @param lifecycleRetention how long a tenant's former tier still receives rows
   */
  public HoldingTiers(
      Collection<? extends EventStore> stores, Duration lifecycleRetention, InstantSource clock) {
    this.byTier =
        stores.stream().collect(Collectors.toMap(each -> each.tier().name(), Function.identity()));
    this.lifecycleRetention = lifecycleRetention;
    this.clock = clock;
  }

  /**
   * The stores of a tenant's tiers, newest first.
   *
   * @throws Problem 503 if one of the tiers is not configured: a result without it would be
   *     incomplete
   */
  public List<EventStore> of(Tenant tenant) {
    List<EventStore> found = new ArrayList<>(2);
    for (String name : TenantTiers.tiersStillHolding(tenant, clock.millis(), this::kept)) {
      EventStore store = byTier.get(name);
      if (store == null) {
        throw Problem.unavailable("tier '" + name + "' is not configured at this server");
      }
      found.add(store);
    }
    return found;
  }

  /** Those of all tiers. */
  public List<EventStore> all() {
    return List.copyOf(byTier.values());
  }

  /** How long a tier may have rows of a tenant that has left it; null: indefinitely. */
  private @Nullable Duration kept(String name) {
    EventStore store = byTier.get(name);
    Duration retention = store == null ? null : store.tier().retention();
    return retention == null ? null : retention.plus(lifecycleRetention);
  }
}
