package io.postflight.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a benchmark.
 *
 * @param bench its name
 * @param parameters what it was run with, and on what
 * @param variants all variants
 * @param bars the goals that concern it
 * @param differences what the variants did differently; empty: all did the same work
 */
public record BenchReport(
    String bench,
    Map<String, Object> parameters,
    List<VariantReport> variants,
    List<Bar> bars,
    List<String> differences) {

  /** Whether all variants did the same work. */
  @JsonIgnore
  public boolean isComparable() {
    return differences.isEmpty();
  }

  /** Collects bars from variants, of which some may not have been run. */
  public static final class Bars {
    private final Map<String, VariantReport> variants;
    private final List<Bar> bars = new ArrayList<>();

    /**
     * From variants.
     *
     * @param variants by id
     */
    public Bars(Map<String, VariantReport> variants) {
      this.variants = Map.copyOf(variants);
    }

    /** Adds one of a figure of a variant. */
    public Bars add(String name, String variant, String figure, Bar.Goal goal) {
      median(variant, figure).map(value -> goal.of(name, value)).ifPresent(bars::add);
      return this;
    }

    /** Adds one of the ratio of a figure of two variants. */
    public Bars addRatio(String name, String variant, String other, String figure, Bar.Goal goal) {
      median(variant, figure)
          .flatMap(value -> median(other, figure).map(divisor -> value / divisor))
          .map(ratio -> goal.of(name, ratio))
          .ifPresent(bars::add);
      return this;
    }

    /** Adds one of the greatest of a figure of variants, divided by the least. */
    public Bars addSpread(String name, List<String> among, String figure, Bar.Goal goal) {
      List<Double> values =
          among.stream().flatMap(variant -> median(variant, figure).stream()).sorted().toList();
      if (values.size() > 1) {
        bars.add(goal.of(name, values.get(values.size() - 1) / values.get(0)));
      }
      return this;
    }

    /** Adds those of the memory of a role. */
    public Bars addMemory(String variant) {
      return add("peak heap, MiB", variant, RoundFigures.HEAP, Bar.atMost(512))
          .add("peak resident set, MiB", variant, RoundFigures.RESIDENT, Bar.atMost(1_024));
    }

    private Optional<Double> median(String variant, String figure) {
      return Optional.ofNullable(variants.get(variant)).flatMap(each -> each.median(figure));
    }

    /** All of them. */
    public List<Bar> list() {
      return List.copyOf(bars);
    }
  }
}
