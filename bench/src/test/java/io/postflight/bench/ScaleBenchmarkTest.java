package io.postflight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.bench.scale.Dimension;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The benchmarks of the cost per event against a size, each with its usual sizes. */
class ScaleBenchmarkTest extends BenchmarkTrial {
  @ParameterizedTest
  @EnumSource(Dimension.class)
  @Tag("soak")
  @Timeout(600)
  void all_sizes_of_a_dimension_can_be_measured(Dimension dimension) throws Exception {
    List<String> some =
        dimension == Dimension.STATE ? List.of("topology-10000", "topology-100000") : List.of();

    BenchReport report = run(dimension.benchmark(), some);

    assertThat(report.variants()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(report.bars()).isNotEmpty();
  }
}
