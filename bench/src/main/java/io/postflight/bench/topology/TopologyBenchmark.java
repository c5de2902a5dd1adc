package io.postflight.bench.topology;

import io.postflight.bench.Bar;
import io.postflight.bench.BenchReport;
import io.postflight.bench.BenchRun;
import io.postflight.bench.Benchmark;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.Turns;
import io.postflight.bench.VariantReport;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.RawTopic;
import io.postflight.bench.workload.TierTopic;
import io.postflight.operations.admin.Provisioning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code bench topology}: a backlog of webhooks goes through the topology, and through a bare loop
 * that moves the same records, in turns. Each round has topics of its own.
 */
public final class TopologyBenchmark implements AutoCloseable {
  /** As a command runs it. */
  public static final Benchmark BENCHMARK =
      new Benchmark(
          "topology", List.of(TopologyVariant.values()), false, TopologyBenchmark::runAndClose);

  private static final long RECORDS = 200_000;

  /**
   * Share of records by which rounds may differ: whether an event changes a message depends on what
   * arrived before it, and the order of events from different partitions is not fixed.
   */
  private static final double ORDER = 0.0001;

  private final BenchRun run;
  private final Deployment reference;
  private final long now = System.currentTimeMillis();
  private final Turns<
          TopologyVariant, VariantProcess<TopologyRound, RoundMeter.Usage>, RoundMeter.Usage>
      turns = new Turns<>(usage -> usage);
  private final Map<TopologyVariant, Deployment> last = new LinkedHashMap<>();

  private TopologyBenchmark(BenchRun run) {
    this.run = run;
    this.reference = deployment("reference");
  }

  private static BenchReport runAndClose(BenchRun run) throws InterruptedException {
    try (TopologyBenchmark benchmark = new TopologyBenchmark(run)) {
      return benchmark.measure();
    }
  }

  private BenchReport measure() throws InterruptedException {
    for (TopologyVariant variant : run.variants(TopologyVariant.class)) {
      turns.add(variant, run.start(variant.id(), variant.program()));
    }
    RawTopic.Content raw = fill(reference);
    TierTopic.fill(reference, run.progress());
    TierTopic.Content expected = TierTopic.read(reference.settings());
    run.run(turns, (variant, process, round) -> process.run(prepare(variant, round)));
    return report(raw, expected);
  }

  /** One with topics of its own. */
  private Deployment deployment(String name) {
    return run.deployment()
        .withTopics(run.name() + '-' + name + '-')
        .with("topology.caughtUpInterval", "100ms")
        .in(name);
  }

  /** Creates the topics, and appends all webhooks. */
  private RawTopic.Content fill(Deployment deployment) {
    Provisioning.createTopics(deployment.settings().operations());
    return RawTopic.fill(
        deployment, run.options().load().seed(), run.options().load().recordsOr(RECORDS), now);
  }

  private TopologyRound prepare(TopologyVariant variant, int round) throws InterruptedException {
    Deployment own = deployment(variant.id() + round);
    last.put(variant, own);
    RawTopic.Content raw = fill(own);
    long appendedAt = System.currentTimeMillis();
    run.awaitIdleServers();
    return new TopologyRound(
        own, reference, raw.webhooks(), raw.events(), appendedAt, run.servers().processes());
  }

  private BenchReport report(RawTopic.Content raw, TierTopic.Content expected) {
    List<String> differences = new ArrayList<>();
    for (var lane : turns.lanes()) {
      TierTopic.Content content =
          TierTopic.read(Objects.requireNonNull(last.get(lane.variant())).settings());
      if (Math.abs(content.records() - expected.records()) > expected.records() * ORDER) {
        differences.add(
            "%s produced %d records of the tier, the reference has %d"
                .formatted(lane.variant().id(), content.records(), expected.records()));
      }
    }
    Map<String, VariantReport> reports =
        BenchRun.reports(turns.lanes(), usage -> RoundFigures.of(usage, raw.events()));
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("webhooks", raw.webhooks());
    parameters.put("events", raw.events());
    parameters.put("tierRecords", expected.records());
    parameters.put("bytesPerWebhook", raw.bytes() / Math.max(1, raw.webhooks()));
    parameters.put("bytesPerTierRecord", expected.bytes() / Math.max(1, expected.records()));
    return run.report(parameters, reports, bars(reports), differences);
  }

  private static List<Bar> bars(Map<String, VariantReport> reports) {
    String ours = TopologyVariant.POSTFLIGHT.id();
    return new BenchReport.Bars(reports)
        .add("CPU per event, raw bytes to tier topic, us", ours, RoundFigures.CPU, Bar.atMost(60))
        .addMemory(ours)
        .list();
  }

  @Override
  public void close() {
    turns.close();
  }
}
