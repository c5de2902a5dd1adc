package io.postflight.sink.time;

/** Runs tasks later: on a thread pool, or by a simulated clock. */
public interface Scheduler {
  /** A scheduled task. */
  interface Timer {
    /** Cancels the task if it has not begun. */
    void cancel();
  }

  /**
   * Runs a task once, after a delay, never within this call. The task must not block. After close,
   * no task runs.
   */
  Timer schedule(long delayMillis, Runnable task);
}
