package io.postflight.api.query;

import io.postflight.api.http.Problem;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what reads the tiers that may still hold rows of a tenant. */
final class TenantReaders {
  private final Map<String, TierReader> byTier;
  private final Duration lifeRetained;
  private final InstantSource clock;

  TenantReaders(Collection<TierReader> readers, Duration lifeRetained, InstantSource clock) {
    this.byTier =
        readers.stream().collect(Collectors.toMap(each -> each.tier().name(), each -> each));
    this.lifeRetained = lifeRetained;
    this.clock = clock;
  }

  /**
   * The readers, of the newest tier first.
   *
   * @throws io.postflight.api.http.ProblemException 503 if one of the tiers is not configured here:
   *     an answer without it would look whole and not be
   */
  List<TierReader> of(Tenant tenant) {
    List<TierReader> found = new ArrayList<>(2);
    for (String tier : TenantTiers.tiersStillHolding(tenant, clock.millis(), this::kept)) {
      TierReader reader = byTier.get(tier);
      if (reader == null) {
        throw Problem.unavailable("tier '" + tier + "' is not configured at this server")
            .asException();
      }
      found.add(reader);
    }
    return found;
  }

  /** How long rows may still stand in a tier after a tenant has left it; null: for ever. */
  private @Nullable Duration kept(String tier) {
    TierReader reader = byTier.get(tier);
    Duration retention = reader == null ? null : reader.tier().retention();
    return retention == null ? null : retention.plus(lifeRetained);
  }
}
