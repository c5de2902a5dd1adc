package io.postflight.api.query;

import io.postflight.api.http.Require;
import java.time.Duration;

/**
 * Settings of queries.
 *
 * @param cursorSecret signs cursors; equal on all instances behind one address
 * @param maxWait maximum {@code wait}
 * @param maxWaits maximum number of concurrent waits
 * @param maxWaitsPerTenant the same per tenant
 * @param budget time budget of a page, which is partial afterwards
 * @param lifecycleRetention how long events still update their message ({@code lifecycle.retain}):
 *     a tenant's former tier receives rows for that long
 */
public record QuerySettings(
    CursorSecret cursorSecret,
    Duration maxWait,
    int maxWaits,
    int maxWaitsPerTenant,
    Duration budget,
    Duration lifecycleRetention) {
  /** Validates. */
  public QuerySettings {
    Require.between("query.maxWait", maxWait, Duration.ZERO, Duration.ofMinutes(5));
    Require.between("query.maxWaits", maxWaits, 1, 1_000_000);
    Require.between("query.maxWaitsPerTenant", maxWaitsPerTenant, 1, 1_000_000);
    Require.between("query.budget", budget, Duration.ofMillis(50), Duration.ofMinutes(1));
    Require.between(
        "query.lifecycleRetention", lifecycleRetention, Duration.ZERO, Duration.ofDays(3650));
  }

  /**
   * Waits of up to 30 s, 2,000 in total and 500 per tenant, pages within 5 s, lifecycles of 30
   * days.
   */
  public static QuerySettings of(CursorSecret cursorSecret) {
    return new QuerySettings(
        cursorSecret,
        Duration.ofSeconds(30),
        2_000,
        500,
        Duration.ofSeconds(5),
        Duration.ofDays(30));
  }
}
