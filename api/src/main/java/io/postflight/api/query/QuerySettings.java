package io.postflight.api.query;

import io.postflight.api.http.Require;
import java.time.Duration;

/**
 * How queries are answered.
 *
 * @param cursorSecret signs cursors; the same on all instances that serve one address
 * @param maxWait longest {@code wait} that is held
 * @param maxWaits most waits held at a time
 * @param maxWaitsPerTenant the same of one tenant
 * @param budget how long a page may be looked for until it is given as partial
 * @param lifeRetained how long events still join their message's life ({@code lifecycle.retain}): a
 *     tier that a tenant has left gets rows for that long
 */
public record QuerySettings(
    CursorSecret cursorSecret,
    Duration maxWait,
    int maxWaits,
    int maxWaitsPerTenant,
    Duration budget,
    Duration lifeRetained) {
  /** Validates. */
  public QuerySettings {
    Require.between("query.maxWait", maxWait, Duration.ZERO, Duration.ofMinutes(5));
    Require.between("query.maxWaits", maxWaits, 1, 1_000_000);
    Require.between("query.maxWaitsPerTenant", maxWaitsPerTenant, 1, 1_000_000);
    Require.between("query.budget", budget, Duration.ofMillis(50), Duration.ofMinutes(1));
    Require.between("query.lifeRetained", lifeRetained, Duration.ZERO, Duration.ofDays(3650));
  }

  /** Waits of up to 30 s, 2,000 and 500 of one tenant, pages within 5 s, lives of 30 days. */
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
