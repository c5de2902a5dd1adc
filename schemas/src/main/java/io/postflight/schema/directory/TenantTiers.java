package io.postflight.schema.directory;

import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pure questions to a tenant's history of tiers. All times are epoch milliseconds. */
public final class TenantTiers {
  private TenantTiers() {}

  /**
   * The tier that a message goes to whose first event was received then. Before the history begins
   * it is the oldest tier.
   */
  public static String tierAt(Tenant tenant, long receivedAt) {
    List<TierPeriod> history = tenant.getTiers();
    for (int i = history.size() - 1; i > 0; i--) {
      if (history.get(i).getFrom() <= receivedAt) {
        return history.get(i).getTier();
      }
    }
    return history.get(0).getTier();
  }

  /** The tier that new messages go to. */
  public static String newest(Tenant tenant) {
    return tenant.getTiers().get(tenant.getTiers().size() - 1).getTier();
  }

  /**
   * The tiers that may still hold rows of a tenant, newest first, each once: the present one, and
   * every earlier one whose period's end plus its retention is not over.
   *
   * <p>A message keeps the tier of its first event, so its later events go there after the period's
   * end: to miss none of their timeline rows, let {@code retention} be the tier's retention plus
   * the time that a life goes on ({@code lifecycle.retain}).
   *
   * @param retention how long a tier keeps rows; null: for ever
   */
  public static List<String> tiersStillHolding(
      Tenant tenant, long now, Function<String, @Nullable Duration> retention) {
    List<TierPeriod> history = tenant.getTiers();
    Set<String> holding = new LinkedHashSet<>();
    holding.add(newest(tenant));
    for (int i = history.size() - 2; i >= 0; i--) {
      String tier = history.get(i).getTier();
      long end = history.get(i + 1).getFrom();
      Duration kept = retention.apply(tier);
      if (kept == null || now - kept.toMillis() < end) {
        holding.add(tier);
      }
    }
    return List.copyOf(holding);
  }
}
