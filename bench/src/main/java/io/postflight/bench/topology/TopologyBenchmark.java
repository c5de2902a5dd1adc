package io.postflight.bench.topology;

import io.postflight.bench.Bar;
import io.postflight.bench.BenchOptions;
import io.postflight.bench.BenchReport;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.VariantReport;
import io.postflight.bench.process.Quiet;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Turns;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.workload.BenchServers;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.Machine;
import io.postflight.bench.workload.RawTopic;
import io.postflight.bench.workload.TierTopic;
import io.postflight.operations.Progress;
import io.postflight.operations.admin.Provisioning;
import io.postflight.settings.DeploymentSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code bench topology}: a backlog of webhooks goes through the topology, and through a bare loop
 * that moves the same records, in turns. Each round has topics of its own.
 */
public final class TopologyBenchmark implements AutoCloseable {
  private static final long RECORDS = 50_000;
  private static final String REFERENCE = "reference-";

  private final BenchOptions options;
  private final Path directory;
  private final Progress progress;
  private final BenchServers servers;
  private final Deployment deployment;
  private final long now = System.currentTimeMillis();
  private final Turns<
          TopologyVariant, VariantProcess<TopologyRound, RoundMeter.Usage>, RoundMeter.Usage>
      turns = new Turns<>(RoundMeter.Usage::seconds);
  private final Map<TopologyVariant, String> lastPrefix = new LinkedHashMap<>();

  private TopologyBenchmark(
      BenchOptions options, Path directory, Progress progress, BenchServers servers) {
    this.options = options;
    this.directory = directory;
    this.progress = progress;
    this.servers = servers;
    this.deployment =
        servers.deployment(options.file(), options.assignments(), directory.resolve("state"));
  }

  /** Runs it. */
  public static BenchReport run(BenchOptions options, Path directory, Progress progress)
      throws InterruptedException {
    List<TopologyVariant> variants = options.chosen(List.of(TopologyVariant.values()));
    progress.step("Starting Kafka");
    try (BenchServers servers = BenchServers.withoutDatabase(directory);
        TopologyBenchmark benchmark =
            new TopologyBenchmark(options, directory, progress, servers)) {
      return benchmark.measure(variants);
    }
  }

  private BenchReport measure(List<TopologyVariant> variants) throws InterruptedException {
    RawTopic.Content raw = fill(REFERENCE);
    TierTopic.Content reference =
        TierTopic.fill(TopologyRound.settings(deployment.in(REFERENCE), REFERENCE), progress);
    for (TopologyVariant variant : variants) {
      turns.add(
          variant,
          VariantProcess.start(
              TopologyProcess.class, variant.toString(), RoundMeter.Usage.class, directory));
    }
    turns.run(
        options.load().rounds(),
        options.load().warmUpSeconds(),
        (variant, process, round) -> process.run(prepare(variant, round)),
        progress);
    return report(raw, reference);
  }

  /** Creates the topics of a prefix, and appends all webhooks. */
  private RawTopic.Content fill(String prefix) {
    DeploymentSettings settings = TopologyRound.settings(deployment, prefix);
    Provisioning.createTopics(settings.operations());
    return RawTopic.fill(settings, options.load().seed(), options.load().recordsOr(RECORDS), now);
  }

  private TopologyRound prepare(TopologyVariant variant, int round) throws InterruptedException {
    String prefix = variant.toString() + round + '-';
    lastPrefix.put(variant, prefix);
    RawTopic.Content raw = fill(prefix);
    long appendedAt = System.currentTimeMillis();
    Quiet.await(servers.processes().values());
    return new TopologyRound(
        deployment.in(prefix),
        prefix,
        REFERENCE,
        raw.webhooks(),
        raw.events(),
        appendedAt,
        servers.processes());
  }

  private BenchReport report(RawTopic.Content raw, TierTopic.Content reference) {
    Map<String, VariantReport> reports = new LinkedHashMap<>();
    List<String> differences = new ArrayList<>();
    for (var lane : turns.lanes()) {
      String id = lane.variant().toString();
      TierTopic.Content content =
          TierTopic.read(
              TopologyRound.settings(
                  deployment, lastPrefix.getOrDefault(lane.variant(), REFERENCE)));
      if (content.records() != reference.records()) {
        differences.add(
            "%s produced %d records of the tier, the reference has %d"
                .formatted(id, content.records(), reference.records()));
      }
      reports.put(
          id,
          new VariantReport(
              id,
              lane.variant().description(),
              RoundFigures.overRounds(
                  lane.results().stream()
                      .map(usage -> RoundFigures.of(usage, raw.events()))
                      .toList()),
              Map.of(),
              Map.of()));
    }
    VariantReport ceiling = reports.get(TopologyVariant.CEILING.toString());
    Map<String, Object> parameters = new LinkedHashMap<>(Machine.describe());
    parameters.put("seed", options.load().seed());
    parameters.put("rounds", options.load().rounds());
    parameters.put("webhooks", raw.webhooks());
    parameters.put("events", raw.events());
    parameters.put("tierRecords", reference.records());
    parameters.put("bytesPerWebhook", raw.bytes() / Math.max(1, raw.webhooks()));
    parameters.put("bytesPerTierRecord", reference.bytes() / Math.max(1, reference.records()));
    return new BenchReport(
        "topology",
        parameters,
        reports.values().stream()
            .map(each -> ceiling == null ? each : each.comparedWith(ceiling))
            .toList(),
        bars(reports),
        differences);
  }

  private static List<Bar> bars(Map<String, VariantReport> reports) {
    String ours = TopologyVariant.POSTFLIGHT.toString();
    return new BenchReport.Bars(reports)
        .add(
            "CPU per event, raw bytes to tier topic, us",
            ours,
            RoundFigures.CPU,
            (name, value) -> Bar.atMost(name, value, 60))
        .add(
            "peak heap, MiB",
            ours,
            RoundFigures.HEAP,
            (name, value) -> Bar.atMost(name, value, 512))
        .add(
            "peak resident set, MiB",
            ours,
            RoundFigures.RESIDENT,
            (name, value) -> Bar.atMost(name, value, 1_024))
        .list();
  }

  @Override
  public void close() {
    turns.close();
  }
}
