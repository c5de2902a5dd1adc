package io.postflight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.bench.scale.Dimension;
import io.postflight.bench.sink.SinkBenchmark;
import io.postflight.bench.topology.TopologyBenchmark;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmarks of sink and topology, alone and against the number of tiers. */
class SinkAndTopologyBenchmarkTest extends BenchmarkTrial {
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
  void each_size_is_measured_and_the_greatest_cost_is_divided_by_the_least() throws Exception {
    BenchReport report =
        run(Dimension.TIERS.benchmark(), List.of("topology-1", "topology-2", "sink-2"));

    assertThat(report.variants())
        .extracting(VariantReport::variant)
        .containsExactly("topology-1", "topology-2", "sink-2");
    assertThat(report.variants())
        .allSatisfy(
            each ->
                assertThat(each.figures()).containsKeys("cpuMicrosPerEvent", "eventsPerSecond"));
    assertThat(report.variants().subList(0, 2))
        .allSatisfy(
            topology ->
                assertThat(topology.figures())
                    .hasEntrySatisfying(
                        "markersPerEvent", each -> assertThat(each.median()).isPositive()));
    assertThat(report.variants().get(2).figures())
        .hasEntrySatisfying("statementsPerEvent", each -> assertThat(each.median()).isPositive());
    assertThat(report.bars())
        .extracting(Bar::name)
        .contains("topology: CPU of its processes, greatest / least");
  }

  private static void checkSink(List<String> variants, int bars) throws InterruptedException {
    BenchReport report = run(SinkBenchmark.BENCHMARK, variants);

    assertThat(report.variants()).extracting(VariantReport::variant).isEqualTo(variants);
    assertThat(report.variants())
        .allSatisfy(
            variant -> {
              assertThat(variant.rows())
                  .containsOnlyKeys("identity", "message", "message_by_time", "timeline")
                  .allSatisfy(
                      (table, rows) ->
                          assertThat(rows > 0 || table.equals("identity")).as(table).isTrue());
              assertThat(variant.figures()).allSatisfy(SinkAndTopologyBenchmarkTest::isMeasured);
              assertThat(variant.figures().keySet())
                  .contains("rowsPerSecond", "eventsPerSecond", "allocatedBytesPerEvent");
              assertThat(variant.ratioToCeiling()).containsKey("rowsPerSecond");
            });
    assertThat(report.bars()).hasSize(bars);
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
