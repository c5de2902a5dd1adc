package io.postflight.schema.directory;

import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pure functions of a tenant's history of tiers. All times are epoch milliseconds. */
public final class TenantTiers {
  private TenantTiers() {}

  /**
   * The tier of a message whose first event was received at this time. Before the start of the
   * history it is the oldest tier.
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

  /** Whether a tier is in a tenant's history. */
  public static boolean has(Tenant tenant, String tier) {
    return tenant.getTiers().stream().anyMatch(period -> period.getTier().equals(tier));
  }

  /** The tier of new messages. */
  public static String newest(Tenant tenant) {
    return tenant.getTiers().get(tenant.getTiers().size() - 1).getTier();
  }

  /**
   * The tiers that may still hold rows of a tenant, newest first, without duplicates: the current
   * one, and every earlier one whose period ended less than its retention ago.
   *
   * <p>A message keeps the tier of its first event, so its later events are stored there after the
   * end of the period: to include their timeline rows, {@code retention} must be the tier's
   * retention plus that of message states ({@code lifecycle.retain}).
   *
   * @param retention how long a tier keeps rows; null: indefinitely
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
