package io.postflight.sink.write;

import io.postflight.sink.time.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;

/** A timer of which at most one is pending: requests meanwhile have no effect. Thread-safe. */
final class Wakeup {
  private final Scheduler scheduler;
  private final Runnable action;
  private final AtomicBoolean pending = new AtomicBoolean();

  Wakeup(Scheduler scheduler, Runnable action) {
    this.scheduler = scheduler;
    this.action = action;
  }

  /** Runs the action after some time, unless it is to run already. */
  void after(long millis) {
    if (pending.compareAndSet(false, true)) {
      scheduler.schedule(
          millis,
          () -> {
            pending.set(false);
            action.run();
          });
    }
  }
}
