package io.postflight.sink.time;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential backoff with full jitter: a random delay below a ceiling that doubles with each
 * attempt up to a cap, so that requests that failed together are not retried together.
 */
public final class Backoff {
  private final long baseMillis;
  private final long capMillis;
  private final DoubleSupplier random;

  /**
   * Creates a backoff.
   *
   * @param base ceiling before the second attempt
   * @param cap the ceiling never exceeds it
   * @param random numbers from 0 (inclusive) to 1 (exclusive); called from many threads
   */
  public Backoff(Duration base, Duration cap, DoubleSupplier random) {
    if (base.toMillis() < 1 || base.compareTo(cap) > 0) {
      throw new IllegalArgumentException(
          "backoff base is " + base + ", cap " + cap + "; allowed is 1 ms <= base <= cap");
    }
    this.baseMillis = base.toMillis();
    this.capMillis = cap.toMillis();
    this.random = random;
  }

  /**
   * The delay after a number of failed attempts.
   *
   * @param failures how many attempts have failed, from 1
   * @return milliseconds, from 1 to the cap
   */
  public long delayMillis(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException(
          "failures is " + failures + "; allowed are numbers from 1");
    }
    int doublings = Math.min(failures - 1, 62);
    long ceiling =
        baseMillis > capMillis >> doublings
            ? capMillis
            : Math.min(capMillis, baseMillis << doublings);
    return 1 + (long) (random.getAsDouble() * ceiling);
  }
}
