package io.postflight.replay.deadletter;

import java.util.concurrent.TimeUnit;

/** Limits the average rate of sent records since the start. */
final class RedriveRate {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int rate;
  private final long begun = System.nanoTime();

  /**
   * @param rate records a second; 0: no limit
   */
  RedriveRate(int rate) {
    this.rate = rate;
  }

  /** Maximum records of one batch. */
  int most(int otherwise) {
    return rate == 0 ? otherwise : Math.min(rate, otherwise);
  }

  /** Waits until the rate allows the given total. */
  void await(long sent) throws InterruptedException {
    if (rate > 0) {
      long due = begun + Math.multiplyExact(sent, SECOND) / rate;
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
    }
  }
}
