package io.postflight.replay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is verified, and how.
 *
 * @param from records appended before this are left out, epoch milliseconds
 * @param to records appended at or after this are left out; null: all there are at the start
 * @param tenant only this tenant's rows; null: all
 * @param recheckDelay how long after a look at a row that was not right it is looked at again
 * @param rechecks how often it is looked at again before it counts as different
 * @param tolerance by how much a row may live too short or too long; whole seconds
 * @param late by how much it may live too long, if that is more than the tolerance; whole seconds.
 *     A server counts the time left from when it does a write, and one that was stopped does late
 *     what stood in its queue; no write of ours can shorten that
 * @param concurrency rows that are read at the same time, at most
 * @param kept differences that the report keeps, at most; all are counted
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
      throw new IllegalArgumentException("to is " + to + "; it must not be before from, " + from);
    }
    if (recheckDelay.isNegative() || recheckDelay.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "recheckDelay is " + recheckDelay + "; allowed is 0 to 1 h");
    }
    if (rechecks < 0 || rechecks > 1_000) {
      throw new IllegalArgumentException("rechecks is " + rechecks + "; allowed is 0 to 1000");
    }
    if (tolerance.isNegative() || tolerance.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("tolerance is " + tolerance + "; allowed is 0 to 1 h");
    }
    if (late.isNegative() || late.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("late is " + late + "; allowed is 0 to 1 d");
    }
    if (concurrency < 1 || concurrency > 10_000) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + "; allowed is 1 to 10000");
    }
    if (kept < 0) {
      throw new IllegalArgumentException("kept is " + kept + "; allowed are numbers from 0");
    }
  }

  /** Bearable for servers that nobody knows to have been stopped for longer. */
  public static final Duration USUALLY_LATE = Duration.ofMinutes(2);

  /** All tenants; three more looks, 5 s apart; 5 s of tolerance, 2 minutes late. */
  public static VerifySettings of(long from, @Nullable Long to) {
    return new VerifySettings(
        from, to, null, Duration.ofSeconds(5), 3, Duration.ofSeconds(5), USUALLY_LATE, 128, 1_000);
  }

  /** The same with other looks at rows that are not right. */
  public VerifySettings withRechecks(int times, Duration delay) {
    return new VerifySettings(from, to, tenant, delay, times, tolerance, late, concurrency, kept);
  }

  /** The same for one tenant. */
  public VerifySettings ofTenant(@Nullable String only) {
    return new VerifySettings(
        from, to, only, recheckDelay, rechecks, tolerance, late, concurrency, kept);
  }

  /** The same, bearing that rows live longer by so much. */
  public VerifySettings bearingLate(Duration most) {
    return new VerifySettings(
        from, to, tenant, recheckDelay, rechecks, tolerance, most, concurrency, kept);
  }

  /** The same where no server was stopped: rows live as long as they should, to the second. */
  public VerifySettings toTheSecond() {
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
