package io.postflight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureTest {
  @Test
  void a_figure_has_the_median_and_the_extremes_of_all_rounds() {
    assertThat(Figure.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Figure(2, 1, 3));
    assertThat(Figure.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Figure(2.5, 1, 4));
  }

  @Test
  void a_bar_compares_medians_and_is_left_out_without_its_variant() {
    VariantReport ours = variant("ours", 180);
    VariantReport ceiling = variant("ceiling", 200);
    BenchReport.Bars bars =
        new BenchReport.Bars(Map.of("ours", ours, "ceiling", ceiling))
            .addRatio("rate", "ours", "ceiling", "rows", Bar.atLeast(0.9))
            .add("rows", "ours", "rows", Bar.atMost(100))
            .add("none", "peer", "rows", Bar.atMost(100));

    assertThat(bars.list())
        .containsExactly(
            new Bar("rate", 0.9, 0.9, true, true), new Bar("rows", 180, 100, false, false));
    assertThat(ours.comparedWith(ceiling).ratioToCeiling()).isEqualTo(Map.of("rows", 0.9));
  }

  private static VariantReport variant(String id, double rows) {
    return new VariantReport(
        id, id, Map.of("rows", new Figure(rows, rows, rows)), Map.of(), Map.of());
  }
}
