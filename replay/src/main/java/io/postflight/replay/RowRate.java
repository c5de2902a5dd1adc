package io.postflight.replay;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A rate limiter whose rate may change at any time. Rows pass on credit, and later rows wait until
 * it is repaid: a record of many rows passes at once, and the rate holds on average. Thread-safe.
 */
final class RowRate {
  /** Maximum wait before the rate is read again. */
  private static final long SLICE_MILLIS = 100;

  private final LongSupplier rate;
  private final LongSupplier nanoClock;
  private double credit;
  private long last;

  /**
   * @param rate rows per second; 0: unlimited
   * @param nanoClock nanoseconds
   */
  RowRate(LongSupplier rate, LongSupplier nanoClock) {
    this.rate = rate;
    this.nanoClock = nanoClock;
    this.last = nanoClock.getAsLong();
  }

  /**
   * Time to wait before the given number of rows may pass.
   *
   * @return milliseconds, at most 100: call again then; 0: the rows may pass now and have been
   *     counted
   */
  synchronized long pass(int rows) {
    long now = nanoClock.getAsLong();
    long perSecond = rate.getAsLong();
    double elapsed = (now - last) / 1e9;
    last = now;
    if (perSecond <= 0) {
      credit = 0;
      return 0;
    }
    // At most one slice is saved, so that a pause does not cause a burst.
    credit = Math.min(credit + elapsed * perSecond, perSecond * SLICE_MILLIS / 1e3);
    if (credit < 0) {
      long wait = (long) Math.ceil(-credit * 1e3 / perSecond);
      return Math.max(1, Math.min(SLICE_MILLIS, wait));
    }
    credit -= rows;
    return 0;
  }

  /** Waits until the given number of rows may pass. */
  void await(int rows) throws InterruptedException {
    await(rows, () -> {});
  }

  /**
   * Waits until the given number of rows may pass.
   *
   * @param meanwhile called after each wait
   */
  void await(int rows, Runnable meanwhile) throws InterruptedException {
    for (long wait = pass(rows); wait > 0; wait = pass(rows)) {
      TimeUnit.MILLISECONDS.sleep(wait);
      meanwhile.run();
    }
  }
}
