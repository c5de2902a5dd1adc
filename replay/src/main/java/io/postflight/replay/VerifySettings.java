package io.postflight.replay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a verification.
 *
 * @param from excludes records appended before this, epoch milliseconds
 * @param to excludes records appended at or after this; null: up to the end at the start
 * @param tenant only this tenant's rows; null: all
 * @param recheckDelay delay before a differing row is checked again
 * @param rechecks number of rechecks before a row counts as different
 * @param tolerance allowed deviation of a row's expiry; whole seconds
 * @param late allowed late expiry, if greater than the tolerance; whole seconds. A server counts
 *     the TTL from when it executes a write, and a stopped one executes queued writes late
 * @param concurrency maximum number of concurrent reads
 * @param kept maximum number of differences in the report; all are counted
 */
public record VerifySettings(
    long from,
    @Nullable Long to,
    @Nullable String tenant,
    Duration recheckDelay,
    int rechecks,
    Duration tolerance,
    Duration late,
    int concurrency,
    int kept) {
  /** Validates. */
  public VerifySettings {
    if (to != null && to < from) {
      throw new IllegalArgumentException("to is " + to + "; allowed: not before from, " + from);
    }
    if (recheckDelay.isNegative() || recheckDelay.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("recheckDelay is " + recheckDelay + "; allowed: 0 to 1 h");
    }
    if (rechecks < 0 || rechecks > 1_000) {
      throw new IllegalArgumentException("rechecks is " + rechecks + "; allowed: 0 to 1000");
    }
    if (tolerance.isNegative() || tolerance.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("tolerance is " + tolerance + "; allowed: 0 to 1 h");
    }
    if (late.isNegative() || late.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("late is " + late + "; allowed: 0 to 1 d");
    }
    if (concurrency < 1 || concurrency > 10_000) {
      throw new IllegalArgumentException("concurrency is " + concurrency + "; allowed: 1 to 10000");
    }
    if (kept < 0) {
      throw new IllegalArgumentException("kept is " + kept + "; allowed: 0 or more");
    }
  }

  /** Default late expiry, for servers that were not stopped for longer. */
  public static final Duration DEFAULT_LATE = Duration.ofMinutes(2);

  /** All tenants; three more checks, 5 s apart; 5 s of tolerance, 2 minutes late. */
  public static VerifySettings of(long from, @Nullable Long to) {
    return new VerifySettings(
        from, to, null, Duration.ofSeconds(5), 3, Duration.ofSeconds(5), DEFAULT_LATE, 128, 1_000);
  }

  /** The same with other checks at rows that are not right. */
  public VerifySettings withRechecks(int times, Duration delay) {
    return new VerifySettings(from, to, tenant, delay, times, tolerance, late, concurrency, kept);
  }

  /** A copy for one tenant. */
  public VerifySettings ofTenant(@Nullable String only) {
    return new VerifySettings(
        from, to, only, recheckDelay, rechecks, tolerance, late, concurrency, kept);
  }

  /** A copy with another allowed late expiry. */
  public VerifySettings withLate(Duration most) {
    return new VerifySettings(
        from, to, tenant, recheckDelay, rechecks, tolerance, most, concurrency, kept);
  }

  /** A copy for servers that were not stopped: expiry is exact to the second. */
  public VerifySettings exact() {
    return new VerifySettings(
        from,
        to,
        tenant,
        recheckDelay,
        rechecks,
        Duration.ofSeconds(1),
        Duration.ZERO,
        concurrency,
        kept);
  }
}
