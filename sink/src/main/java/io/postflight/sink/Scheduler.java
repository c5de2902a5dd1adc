package io.postflight.sink;

/** Runs something later. Behind it stands a pool of threads, or a simulated clock. */
interface Scheduler {
  /** Something that is to run later. */
  interface Timer {
    /** Keeps it from running if it has not begun. */
    void cancel();
  }

  /**
   * Runs it once, after that many milliseconds, never within this call. What runs must not block.
   * Once closed, nothing runs any more.
   */
  Timer schedule(long delayMillis, Runnable task);
}
