package io.postflight.replay;

import io.postflight.sink.SinkLimits;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is restored, and how.
 *
 * @param id name of the job; its progress is kept under it
 * @param range what is restored; null: what the job of this id was begun with, from where it stands
 * @param rate rows a second, asked for again and again; 0: no limit
 * @param dryRun only counts: writes, erases and keeps nothing
 * @param limits what is in flight, and how rows are grouped
 */
public record RestoreSettings(
    String id, @Nullable Range range, LongSupplier rate, boolean dryRun, SinkLimits limits) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /**
   * What is restored.
   *
   * @param from records appended before this are left out, epoch milliseconds
   * @param to records appended at or after this are left out; null: all there are at the start
   * @param tenant only this tenant's rows; null: all
   */
  public record Range(long from, @Nullable Long to, @Nullable String tenant) {
    /** Validates. */
    public Range {
      if (to != null && to < from) {
        throw new IllegalArgumentException("to is " + to + "; it must not be before from, " + from);
      }
    }
  }

  /** Validates. */
  public RestoreSettings {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id is '" + id + "'; allowed is " + ID);
    }
    if (dryRun && range == null) {
      throw new IllegalArgumentException("a dry run keeps nothing that could be gone on with");
    }
  }

  /** A new job without a limit. */
  public static RestoreSettings of(String id, Range range) {
    return new RestoreSettings(id, range, () -> 0, false, SinkLimits.DEFAULT);
  }

  /** The job of an id, gone on with, without a limit. */
  public static RestoreSettings resumed(String id) {
    return new RestoreSettings(id, null, () -> 0, false, SinkLimits.DEFAULT);
  }

  /** The same at another rate. */
  public RestoreSettings withRate(LongSupplier other) {
    return new RestoreSettings(id, range, other, dryRun, limits);
  }

  /** The same, but only counting. */
  public RestoreSettings asDryRun() {
    return new RestoreSettings(id, range, rate, true, limits);
  }
}
