package io.postflight.replay.deadletter;

/**
 * Selects what to redrive, and how.
 *
 * @param filter which dead letters
 * @param from excludes dead letters written before this, epoch milliseconds; 0: none
 * @param to excludes dead letters written at or after this, epoch milliseconds; {@link
 *     Long#MAX_VALUE}: none. Those written after the start are always excluded
 * @param dryRun report only, without sending
 * @param again include dead letters that were redriven before
 * @param rate maximum records per second; 0: unlimited
 */
public record RedriveSettings(
    DeadLetterFilter filter, long from, long to, boolean dryRun, boolean again, int rate) {
  /** Everything not redriven yet, unlimited. */
  public static final RedriveSettings ALL =
      new RedriveSettings(DeadLetterFilter.ALL, 0, Long.MAX_VALUE, false, false, 0);

  /** Validates. */
  public RedriveSettings {
    if (rate < 0) {
      throw new IllegalArgumentException(
          "rate is " + rate + "; allowed: 1 or more records per second, 0 for unlimited");
    }
  }

  /** A copy with another filter. */
  public RedriveSettings with(DeadLetterFilter deadLetters) {
    return new RedriveSettings(deadLetters, from, to, dryRun, again, rate);
  }

  /** A copy that only reports. */
  public RedriveSettings asDryRun() {
    return new RedriveSettings(filter, from, to, true, again, rate);
  }

  /** A copy with another maximum rate. */
  public RedriveSettings withRate(int recordsPerSecond) {
    return new RedriveSettings(filter, from, to, dryRun, again, recordsPerSecond);
  }

  /** A copy that includes dead letters that were redriven before. */
  public RedriveSettings onceMore() {
    return new RedriveSettings(filter, from, to, dryRun, true, rate);
  }
}
