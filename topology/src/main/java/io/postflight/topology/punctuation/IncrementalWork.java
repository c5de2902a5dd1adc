package io.postflight.topology.punctuation;

import java.util.function.BooleanSupplier;

/** Background work of a task that is done between records, in small steps. */
public interface IncrementalWork {
  /** Whether there is work to do. Called several times a second, so it must be cheap. */
  boolean pending();

  /** Does one step, preferably in less than a millisecond. */
  void step();

  /** Work that consists of two functions. */
  static IncrementalWork of(BooleanSupplier pending, Runnable step) {
    return new IncrementalWork() {
      @Override
      public boolean pending() {
        return pending.getAsBoolean();
      }

      @Override
      public void step() {
        step.run();
      }
    };
  }
}
