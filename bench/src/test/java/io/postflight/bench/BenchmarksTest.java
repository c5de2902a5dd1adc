package io.postflight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.bench.e2e.E2eBenchmark;
import io.postflight.bench.gateway.GatewayBenchmark;
import io.postflight.bench.sink.SinkBenchmark;
import io.postflight.bench.topology.TopologyBenchmark;
import io.postflight.bench.workload.BenchServers;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.operations.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark with a few events, all on the same servers. */
class BenchmarksTest {
  private static final int RECORDS = 60;

  @TempDir static Path directory;
  private static BenchServers servers;

  @BeforeAll
  static void start() throws InterruptedException {
    servers = BenchServers.startForTrial(directory);
  }

  @AfterAll
  static void close() {
    servers.close();
  }

  @Test
  @Timeout(180)
  void sink_ceiling_and_restore_leave_the_same_rows_and_all_is_measured() throws Exception {
    checkSink(List.of("postflight", "ceiling", "restore"), 8);
  }

  @Test
  @Tag("soak")
  @Timeout(300)
  void all_variants_of_the_sink_leave_the_same_rows() throws Exception {
    checkSink(
        List.of(
            "postflight",
            "ceiling",
            "parallel-unordered",
            "parallel-key",
            "streams-blocking",
            "restore"),
        11);
  }

  @Test
  @Timeout(180)
  void topology_and_ceiling_produce_the_same_records() throws Exception {
    BenchReport report = run(TopologyBenchmark.BENCHMARK, List.of());

    assertThat(report.variants())
        .extracting(VariantReport::variant)
        .containsExactly("postflight", "ceiling");
    assertThat(report.variants())
        .allSatisfy(
            variant ->
                assertThat(variant.figures())
                    .containsKeys(
                        "eventsPerSecond", "cpuMicrosPerEvent", "kafkaCpuMicrosPerEvent"));
    assertThat(report.bars()).hasSize(3);
  }

  @Test
  @Timeout(180)
  void gateway_and_ceiling_answer_every_request_and_latencies_are_measured() throws Exception {
    BenchReport report = run(GatewayBenchmark.BENCHMARK, List.of());

    assertThat(report.variants())
        .extracting(VariantReport::variant)
        .containsExactly("postflight", "ceiling");
    assertThat(report.variants())
        .allSatisfy(
            variant ->
                assertThat(variant.figures())
                    .containsKeys("cpuMicrosPerEvent", "loadCpuMicrosPerEvent")
                    .hasEntrySatisfying(
                        "responseMillisP99", p99 -> assertThat(p99.median()).isPositive()));
    assertThat(report.bars()).hasSize(4);
  }

  @Test
  @Timeout(180)
  void all_webhooks_are_stored_end_to_end_and_the_processes_are_measured_apart() throws Exception {
    BenchReport report = run(E2eBenchmark.BENCHMARK, List.of());

    assertThat(report.variants())
        .extracting(VariantReport::variant)
        .containsExactly("open-loop", "steady", "draining", "queries");
    assertThat(report.variants())
        .allSatisfy(
            phase ->
                assertThat(phase.figures())
                    .containsKeys("gatewayCpuMicrosPerEvent", "loadCpuMicrosPerEvent")
                    .hasEntrySatisfying(
                        "latencyMillisP99", p99 -> assertThat(p99.median()).isPositive())
                    .hasEntrySatisfying(
                        "statementsPerEvent", each -> assertThat(each.median()).isPositive()));
    assertThat(report.variants().get(3).figures())
        .hasEntrySatisfying("messageMillisP99", p99 -> assertThat(p99.median()).isPositive())
        .hasEntrySatisfying("timelineMillisP99", p99 -> assertThat(p99.median()).isPositive());
    assertThat(report.bars()).hasSize(15);
  }

  private static void checkSink(List<String> variants, int bars) throws InterruptedException {
    BenchReport report = run(SinkBenchmark.BENCHMARK, variants);

    assertThat(report.variants()).extracting(VariantReport::variant).isEqualTo(variants);
    assertThat(report.variants())
        .allSatisfy(
            variant -> {
              assertThat(variant.rows())
                  .containsOnlyKeys("message", "message_by_time", "timeline")
                  .allSatisfy((table, rows) -> assertThat(rows).isPositive());
              assertThat(variant.figures()).allSatisfy(BenchmarksTest::isMeasured);
              assertThat(variant.figures().keySet())
                  .contains("rowsPerSecond", "eventsPerSecond", "allocatedBytesPerEvent");
              assertThat(variant.ratioToCeiling()).containsKey("rowsPerSecond");
            });
    assertThat(report.bars()).hasSize(bars);
  }

  private static BenchReport run(Benchmark benchmark, List<String> variants)
      throws InterruptedException {
    BenchOptions options =
        new BenchOptions(
            null, List.of(), new BenchOptions.Load(RECORDS, 1, 0, 7), Database.EMBEDDED, variants);
    BenchReport report = benchmark.run(options, servers, directory, Progress.SILENT);
    assertThat(report.differences()).isEmpty();
    return report;
  }

  /** In so short a round there may be no collection, and less CPU time than a tick. */
  private static void isMeasured(String name, Figure figure) {
    if (name.equals("collectionShare") || name.endsWith("CpuMicrosPerEvent")) {
      assertThat(figure.median()).as(name).isNotNegative();
    } else {
      assertThat(figure.median()).as(name).isPositive();
    }
  }
}
