package io.postflight.bench;

/**
 * A goal, and whether the run has reached it.
 *
 * @param name what is compared
 * @param value what was measured
 * @param bar what is wanted: at least or at most
 * @param atLeast whether more is better
 * @param met whether it is reached
 */
public record Bar(String name, double value, double bar, boolean atLeast, boolean met) {
  /** Of a value by its name. */
  @FunctionalInterface
  public interface Goal {
    /** Compares a value. */
    Bar of(String name, double value);
  }

  /** A value is to be at least this. */
  public static Goal atLeast(double bar) {
    return (name, value) -> new Bar(name, rounded(value), bar, true, value >= bar);
  }

  /** A value is to be at most this. */
  public static Goal atMost(double bar) {
    return (name, value) -> new Bar(name, rounded(value), bar, false, value <= bar);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
