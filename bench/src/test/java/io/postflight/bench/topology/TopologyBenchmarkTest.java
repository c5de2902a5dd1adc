package io.postflight.bench.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.bench.BenchOptions;
import io.postflight.bench.BenchReport;
import io.postflight.bench.VariantReport;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.operations.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TopologyBenchmarkTest {
  @TempDir Path directory;

  @Test
  @Timeout(180)
  void the_ceiling_produces_the_same_records_and_the_figures_are_measured() throws Exception {
    BenchOptions options =
        new BenchOptions(
            null, List.of(), new BenchOptions.Load(400, 1, 0, 7), Database.EMBEDDED, List.of());

    BenchReport report = TopologyBenchmark.run(options, directory, Progress.SILENT);

    assertThat(report.differences()).isEmpty();
    assertThat(report.variants())
        .extracting(VariantReport::variant)
        .containsExactly("postflight", "ceiling");
    assertThat(report.variants())
        .allSatisfy(
            variant ->
                assertThat(variant.figures().keySet())
                    .contains("eventsPerSecond", "cpuMicrosPerEvent", "kafkaCpuMicrosPerEvent")
                    .doesNotContain("databaseCpuMicrosPerEvent"));
    assertThat(report.bars()).hasSize(3);
  }
}
