package io.postflight.bench.e2e;

import io.postflight.bench.BenchOptions;
import io.postflight.operations.Progress;

/** Searches the greatest rate of an open loop at which the lag stays bounded. */
final class SteadyRate {
  private static final double FIRST = 1_000;
  private static final double TRIED = 40;
  private static final double LEAST = 10;
  private static final double STEP = 1.3;
  private static final int HALVINGS = 3;
  private static final double SECONDS = 15;

  /** Events of the last quarter of a step that are later than this show that the lag grows. */
  private static final long MOST_LAG_MILLIS = 1_000;

  private SteadyRate() {}

  /**
   * A rate.
   *
   * @param eventsPerSecond the rate
   * @param phase what it caused
   */
  record Found(double eventsPerSecond, Phase phase) {}

  /** Doubles as a warm-up: each step is longer than the last in events. */
  static Found search(Pipeline pipeline, BenchOptions.Load load, Progress progress)
      throws InterruptedException {
    if (load.isTrial()) {
      return new Found(TRIED, pipeline.openLoop(TRIED, 1));
    }
    double rate = FIRST;
    Phase kept = null;
    double keptRate = 0;
    double failed = Double.MAX_VALUE;
    for (int halvings = 0; halvings < HALVINGS; ) {
      progress.step("Open loop at %.0f events/s".formatted(rate));
      Phase phase = pipeline.openLoop(rate, SECONDS);
      if (keepsUp(phase)) {
        kept = phase;
        keptRate = rate;
      } else if (rate < LEAST) {
        throw new IllegalStateException("not even " + rate + " events/s are stored in time");
      } else {
        failed = rate;
      }
      if (failed == Double.MAX_VALUE) {
        rate *= STEP;
      } else if (kept == null) {
        rate /= 2;
      } else {
        rate = (keptRate + failed) / 2;
        halvings++;
      }
    }
    if (kept == null) {
      throw new IllegalStateException("no steady rate was found");
    }
    return new Found(keptRate, kept);
  }

  private static boolean keepsUp(Phase phase) {
    return phase.load().failed() == 0 && phase.lagMillis() <= MOST_LAG_MILLIS;
  }
}
