package io.postflight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.bench.e2e.E2eBenchmark;
import io.postflight.bench.gateway.GatewayBenchmark;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmarks of the gateway and of everything together. */
class EndToEndBenchmarkTest extends BenchmarkTrial {
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
  @Tag("soak")
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
}
