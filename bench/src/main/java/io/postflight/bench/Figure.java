package io.postflight.bench;

import java.util.Arrays;
import java.util.List;

/**
 * A measured value over the rounds.
 *
 * @param median of the rounds
 * @param min least
 * @param max greatest
 */
public record Figure(double median, double min, double max) {
  /** Of the values of all rounds. */
  public static Figure of(List<Double> rounds) {
    double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Figure(
        rounded(median), rounded(sorted[0]), rounded(Arrays.stream(sorted).max().orElseThrow()));
  }

  /** To four digits: more would be noise. */
  private static double rounded(double value) {
    return Double.parseDouble("%.4g".formatted(value));
  }
}
