package io.postflight.replay.deadletter;

/**
 * What to redrive and how.
 *
 * @param filter which letters; those of entries that are no message events only if it names them
 * @param from letters written before this are left out, epoch milliseconds; 0: all
 * @param to letters written from this on are left out, epoch milliseconds; {@link Long#MAX_VALUE}:
 *     none. Those written after the work has begun are left out in any case
 * @param dryRun only says what would be done
 * @param again also what has been redriven before
 * @param rate most records a second; 0: as fast as it goes
 */
public record RedriveSettings(
    DeadLetterFilter filter, long from, long to, boolean dryRun, boolean again, int rate) {
  /** Everything that has not been redriven yet, as fast as it goes. */
  public static final RedriveSettings ALL =
      new RedriveSettings(DeadLetterFilter.ALL, 0, Long.MAX_VALUE, false, false, 0);

  /** Checks the rate. */
  public RedriveSettings {
    if (rate < 0) {
      throw new IllegalArgumentException(
          "rate is " + rate + "; allowed: 1 or more records a second, 0 for no limit");
    }
  }

  /** The same for other letters. */
  public RedriveSettings with(DeadLetterFilter letters) {
    return new RedriveSettings(letters, from, to, dryRun, again, rate);
  }

  /** The same without doing it. */
  public RedriveSettings asDryRun() {
    return new RedriveSettings(filter, from, to, true, again, rate);
  }

  /** The same for what has been redriven before, too. */
  public RedriveSettings onceMore() {
    return new RedriveSettings(filter, from, to, dryRun, true, rate);
  }
}
