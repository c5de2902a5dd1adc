package io.postflight.replay;

/** Receives the progress of a verification, and its differences. */
@FunctionalInterface
public interface VerifyListener {
  /** Called periodically. */
  void at(VerifyProgress progress);

  /** A row differs from the topic. */
  default void found(Difference difference) {}
}
