package io.postflight.bench.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.bench.BenchOptions;
import io.postflight.bench.BenchReport;
import io.postflight.bench.Figure;
import io.postflight.bench.VariantReport;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.operations.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SinkBenchmarkTest {
  @TempDir Path directory;

  @Test
  @Timeout(180)
  void the_ceiling_leaves_the_same_rows_and_every_figure_is_measured() throws Exception {
    check(List.of("postflight", "ceiling"));
  }

  @Test
  @Tag("soak")
  @Timeout(300)
  void all_variants_leave_the_same_rows() throws Exception {
    check(
        List.of("postflight", "ceiling", "parallel-unordered", "parallel-key", "streams-blocking"));
  }

  private void check(List<String> variants) throws InterruptedException {
    BenchOptions options =
        new BenchOptions(
            null, List.of(), new BenchOptions.Load(400, 1, 0, 7), Database.EMBEDDED, variants);

    BenchReport report = SinkBenchmark.run(options, directory, Progress.SILENT);

    assertThat(report.differences()).isEmpty();
    assertThat(report.variants()).extracting(VariantReport::variant).isEqualTo(variants);
    assertThat(report.variants())
        .allSatisfy(
            variant -> {
              assertThat(variant.rows())
                  .containsOnlyKeys("message", "message_by_time", "timeline")
                  .allSatisfy((table, rows) -> assertThat(rows).isPositive());
              assertThat(variant.figures()).hasSize(11).allSatisfy(SinkBenchmarkTest::isMeasured);
              assertThat(variant.ratioToCeiling()).containsKey("rowsPerSecond");
            });
    assertThat(report.bars()).hasSize(variants.size() == 2 ? 7 : 10);
  }

  /** In so short a round there may be no collection, and less CPU time of Kafka than a tick. */
  private static void isMeasured(String name, Figure figure) {
    if (name.equals("collectionShare") || name.equals("kafkaCpuMicrosPerEvent")) {
      assertThat(figure.median()).as(name).isNotNegative();
    } else {
      assertThat(figure.median()).as(name).isPositive();
    }
  }
}
