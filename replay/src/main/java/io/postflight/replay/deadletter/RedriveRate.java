package io.postflight.replay.deadletter;

import java.util.concurrent.TimeUnit;

/** Keeps work to so many records a second, counted from its beginning. */
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

  /** How many records may go at once. */
  int most(int otherwise) {
    return rate == 0 ? otherwise : Math.min(rate, otherwise);
  }

  /** Waits until so many in all may have gone. */
  void await(long sent) throws InterruptedException {
    if (rate > 0) {
      long due = begun + Math.multiplyExact(sent, SECOND) / rate;
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
    }
  }
}
