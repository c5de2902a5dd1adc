package io.postflight.replay;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds rows back to a rate that may change at any time. Rows are let through on credit, and what
 * comes after them waits until the credit is paid: so a record of many rows passes at once, and the
 * rate holds on average.
 */
final class RowRate {
  /** How long a wait may go on before the rate is asked for again. */
  private static final long SLICE_MILLIS = 100;

  private final LongSupplier rate;
  private final LongSupplier nanoClock;
  private double credit;
  private long last;

  /**
   * @param rate rows a second; 0: no limit
   * @param nanoClock nanoseconds
   */
  RowRate(LongSupplier rate, LongSupplier nanoClock) {
    this.rate = rate;
    this.nanoClock = nanoClock;
    this.last = nanoClock.getAsLong();
  }

  /**
   * How long to wait before so many rows may pass.
   *
   * @return milliseconds, at most a tenth of a second: ask again then; 0: they may pass now, and
   *     have been counted
   */
  long pass(int rows) {
    long now = nanoClock.getAsLong();
    long perSecond = rate.getAsLong();
    double elapsed = (now - last) / 1e9;
    last = now;
    if (perSecond <= 0) {
      credit = 0;
      return 0;
    }
    // No more than a slice's worth is saved up, or a pause would be made good by a burst.
    credit = Math.min(credit + elapsed * perSecond, perSecond * SLICE_MILLIS / 1e3);
    if (credit < 0) {
      long wait = (long) Math.ceil(-credit * 1e3 / perSecond);
      return Math.max(1, Math.min(SLICE_MILLIS, wait));
    }
    credit -= rows;
    return 0;
  }

  /** Waits until so many rows may pass. */
  void await(int rows, Runnable meanwhile) throws InterruptedException {
    for (long wait = pass(rows); wait > 0; wait = pass(rows)) {
      TimeUnit.MILLISECONDS.sleep(wait);
      meanwhile.run();
    }
  }
}
