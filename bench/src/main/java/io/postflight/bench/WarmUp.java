package io.postflight.bench;

import io.postflight.operations.Progress;

/** Rounds that are not measured: until code is compiled, figures are those of the compilers. */
public final class WarmUp {
  private static final int MOST_ROUNDS = 24;

  /** Share of CPU time of the compilers below which a process is warm. */
  private static final double WARM = 0.1;

  private WarmUp() {}

  /** Does a round. */
  @FunctionalInterface
  public interface Round {
    /**
     * Does a round.
     *
     * @param number from 0
     */
    Took run(int number) throws InterruptedException;
  }

  /**
   * What a round took.
   *
   * @param seconds its duration
   * @param compilationShare time of the compilers, as a share of the CPU time
   */
  public record Took(double seconds, double compilationShare) {}

  /** What a round is called while it runs; {@code number} from 0. */
  public static String label(int number) {
    return "Warming up, round %d of at most %d".formatted(number + 1, MOST_ROUNDS);
  }

  /**
   * Runs rounds until the compilers are idle, but at most 24. A compiler that has not finished
   * would count as work, so what is fast warms up in more rounds.
   *
   * @param least how long the rounds take together, at least, seconds; 0: there are none
   */
  public static void run(int least, Round round, Progress progress) throws InterruptedException {
    double seconds = 0;
    double compiling = 1;
    for (int i = 0; least > 0 && i < MOST_ROUNDS && (seconds < least || compiling > WARM); i++) {
      Took took = round.run(i);
      seconds += took.seconds();
      compiling = took.compilationShare();
    }
    if (least > 0 && compiling > WARM) {
      progress.step("Not warm: compilers took %.2f of the CPU time".formatted(compiling));
    }
  }
}
