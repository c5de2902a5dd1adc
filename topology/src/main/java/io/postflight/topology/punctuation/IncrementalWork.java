package io.postflight.topology.punctuation;

import java.util.function.BooleanSupplier;

/** IncrementalWork of one task that is done between records, a step at a time. */
public interface IncrementalWork {
  /** Whether there is something to do; asked several times a second, so it costs nearly nothing. */
  boolean pending();

  /** Does a part of it, in less than a millisecond if it can. */
  void step();

  /** IncrementalWork that consists of two functions. */
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
