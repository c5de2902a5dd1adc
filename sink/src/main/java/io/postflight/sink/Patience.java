package io.postflight.sink;

import java.util.concurrent.TimeUnit;

/** How a thread waits, and by which clock. Behind it stands the machine, or a simulation. */
interface Patience {
  /** The machine's clock and monitors. */
  Patience REAL =
      new Patience() {
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

  /** Nanoseconds of any clock. */
  long nanos();

  /**
   * Gives up the lock, which the caller holds, until notified or the time is over. May return
   * early, so the caller loops.
   */
  void await(Object lock, long nanos) throws InterruptedException;
}
