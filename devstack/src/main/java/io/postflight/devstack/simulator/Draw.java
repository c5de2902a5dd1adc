package io.postflight.devstack.simulator;

import java.util.List;
import java.util.SplittableRandom;

/** Draws from a seed: the same seed, the same draws. */
final class Draw {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final SplittableRandom random;

  private Draw(SplittableRandom random) {
    this.random = random;
  }

  /** A source of its own for each index, so that each life can be made without the others. */
  static Draw of(long seed, long index) {
    // The first value of a mixed seed is mixed again: neighbours have nothing in common.
    return new Draw(
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

  /** Exponentially distributed, but never above the limit. */
  double waiting(double mean, double limit) {
    return Math.min(limit, -mean * Math.log(1 - random.nextDouble()));
  }

  <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  String hex(int digits) {
    StringBuilder text = new StringBuilder(digits);
    while (text.length() < digits) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }

  int any() {
    return random.nextInt() & Integer.MAX_VALUE;
  }
}
