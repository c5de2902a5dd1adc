package io.postflight.devstack.simulator;

import java.util.List;
import java.util.SplittableRandom;

/** Deterministic random source: the same seed gives the same sequence. */
final class SeededRandom {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final SplittableRandom random;

  private SeededRandom(SplittableRandom random) {
    this.random = random;
  }

  /** An independent sequence per index, so that each message can be generated on its own. */
  static SeededRandom of(long seed, long index) {
    // The seed is mixed twice, so that the sequences of neighbouring indices are uncorrelated.
    return new SeededRandom(
        new SplittableRandom(new SplittableRandom(seed ^ (index + 1) * GOLDEN).nextLong()));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  double fraction() {
    return random.nextDouble();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long between(long least, long most) {
    return random.nextLong(least, most + 1);
  }

  /** Exponentially distributed, capped at the limit. */
  double exponential(double mean, double limit) {
    return Math.min(limit, -mean * Math.log(1 - random.nextDouble()));
  }

  <T> T choice(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  String hex(int digits) {
    StringBuilder text = new StringBuilder(digits);
    while (text.length() < digits) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }

  int nonNegativeInt() {
    return random.nextInt() & Integer.MAX_VALUE;
  }
}
