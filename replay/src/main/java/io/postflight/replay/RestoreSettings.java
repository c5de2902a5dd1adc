package io.postflight.replay;

import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a restore.
 *
 * @param id id of the job; its progress is kept under it
 * @param range range to restore; null: resume the job of this id
 * @param rate rows per second, polled; 0: unlimited
 * @param dryRun count only: no writes, no erasures, no progress
 */
public record RestoreSettings(
    String id, @Nullable ReplayRange range, LongSupplier rate, boolean dryRun) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /**
   * Range of a restore.
   *
   * @param from excludes records appended before this, epoch milliseconds
   * @param to excludes records appended at or after this; null: up to the end at the start
   * @param tenant only this tenant's rows; null: all
   */
  public record ReplayRange(long from, @Nullable Long to, @Nullable String tenant) {
    /** Validates. */
    public ReplayRange {
      if (to != null && to < from) {
        throw new IllegalArgumentException("to is " + to + "; allowed: not before from, " + from);
      }
    }
  }

  /** Validates. */
  public RestoreSettings {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id is '" + id + "'; allowed is " + ID);
    }
    if (dryRun && range == null) {
      throw new IllegalArgumentException("a dry run has no progress to resume");
    }
  }

  /** A new job without a rate limit. */
  public static RestoreSettings of(String id, ReplayRange range) {
    return new RestoreSettings(id, range, () -> 0, false);
  }

  /** Resumes the job of an id, without a rate limit. */
  public static RestoreSettings resumed(String id) {
    return new RestoreSettings(id, null, () -> 0, false);
  }

  /** A copy with another rate. */
  public RestoreSettings withRate(LongSupplier other) {
    return new RestoreSettings(id, range, other, dryRun);
  }

  /** A copy that only counts rows. */
  public RestoreSettings asDryRun() {
    return new RestoreSettings(id, range, rate, true);
  }
}
