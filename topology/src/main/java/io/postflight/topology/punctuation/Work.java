package io.postflight.topology.punctuation;

import java.util.function.BooleanSupplier;

/** Work of one task that is done between records, a step at a time. */
public interface Work {
  /** Whether there is something to do; asked several times a second, so it costs nearly nothing. */
  boolean pending();

  /** Does a part of it, in less than a millisecond if it can. */
  void step();

  /** Work that consists of two functions. */
  static Work of(BooleanSupplier pending, Runnable step) {
    return new Work() {
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
