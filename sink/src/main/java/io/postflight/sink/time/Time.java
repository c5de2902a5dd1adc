package io.postflight.sink.time;

import java.util.concurrent.TimeUnit;

/** Clock and timed waiting, so that tests can simulate both. */
public interface Time {
  /** The clock and monitors of the JVM. */
  Time REAL =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // the caller loops
        public void await(Object lock, long nanos) throws InterruptedException {
          TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        }
      };

  /** Nanoseconds of a monotonic clock. */
  long nanos();

  /**
   * Releases the lock, which the caller holds, and waits until notified or timed out. May return
   * early, so the caller has to loop.
   */
  void await(Object lock, long nanos) throws InterruptedException;
}
