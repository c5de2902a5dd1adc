package io.postflight.bench.sink;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.bench.Bar;
import io.postflight.bench.BenchOptions;
import io.postflight.bench.BenchReport;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.VariantReport;
import io.postflight.bench.process.Quiet;
import io.postflight.bench.process.Turns;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.workload.BenchServers;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.Machine;
import io.postflight.bench.workload.RawTopic;
import io.postflight.bench.workload.TierTopic;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.Provisioning;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Table;
import io.postflight.store.cql.CqlSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code bench sink}: a tier's topic is drained into empty tables by the sink, by a hand-tuned
 * consumer and by other libraries, in turns.
 */
public final class SinkBenchmark implements AutoCloseable {
  private static final int HEAP_MIB = 1_024;
  private static final long RECORDS = 10_000;

  private final BenchOptions options;
  private final Path directory;
  private final Progress progress;
  private final BenchServers servers;
  private final Deployment deployment;
  private final Turns<SinkVariant, VariantProcess<SinkRound, SinkResult>, SinkResult> turns =
      new Turns<>(result -> result.usage().seconds());

  private SinkBenchmark(
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
    List<SinkVariant> variants = options.chosen(List.of(SinkVariant.values()));
    progress.step("Starting Kafka and the CQL server");
    try (BenchServers servers = BenchServers.start(directory, HEAP_MIB, options.database());
        SinkBenchmark benchmark = new SinkBenchmark(options, directory, progress, servers)) {
      return benchmark.measure(variants);
    }
  }

  private BenchReport measure(List<SinkVariant> variants) throws InterruptedException {
    DeploymentSettings settings = deployment.settings(Map.of());
    Provisioning.createTopics(settings.operations());
    progress.step("Simulating webhooks");
    RawTopic.Content raw =
        RawTopic.fill(
            settings,
            options.load().seed(),
            options.load().recordsOr(RECORDS),
            System.currentTimeMillis());
    TierTopic.Content topic = TierTopic.fill(settings, progress);
    try (CqlSession session = session()) {
      for (SinkVariant variant : variants) {
        StorageTier tier = tier(variant);
        new CqlSchema(tier.tier(), tier.cluster()).apply(session);
        turns.add(
            variant,
            VariantProcess.start(SinkProcess.class, variant.id(), SinkResult.class, directory));
      }
      turns.run(
          options.load().rounds(),
          options.load().warmUpSeconds(),
          (variant, process, round) -> process.run(prepare(variant, round, topic, session)),
          progress);
      progress.step("Comparing the tables of all variants");
      return report(topic, raw, session);
    }
  }

  private SinkRound prepare(
      SinkVariant variant, int round, TierTopic.Content topic, CqlSession session)
      throws InterruptedException {
    for (Table table : Table.values()) {
      session.execute("TRUNCATE " + variant.keyspace() + '.' + table.cqlName());
    }
    Quiet.await(servers.processes().values());
    return new SinkRound(
        deployment.in(variant.id() + '-' + round),
        "bench-" + variant.id() + '-' + round,
        variant.keyspace(),
        topic.records(),
        servers.processes());
  }

  private BenchReport report(TierTopic.Content topic, RawTopic.Content raw, CqlSession session) {
    Map<String, VariantReport> reports = new LinkedHashMap<>();
    List<String> differences = new ArrayList<>();
    Map<String, TableContents> first = null;
    for (var lane : turns.lanes()) {
      SinkVariant variant = lane.variant();
      for (SinkResult round : lane.results()) {
        if (round.rows() != topic.rows()) {
          differences.add(
              "%s wrote %d rows in a round, the topic has %d"
                  .formatted(variant.id(), round.rows(), topic.rows()));
        }
      }
      Map<String, TableContents> contents =
          options.database() == Database.VOID
              ? Map.of()
              : TableContents.of(session, variant.keyspace());
      first = first == null ? contents : first;
      if (!contents.equals(first)) {
        differences.add(variant.id() + " left " + contents + " in the tables, others " + first);
      }
      Map<String, Long> rows = new TreeMap<>();
      contents.forEach((table, content) -> rows.put(table, content.rows()));
      reports.put(
          variant.id(),
          new VariantReport(
              variant.id(),
              variant.description(),
              RoundFigures.overRounds(
                  lane.results().stream().map(each -> each.figures(topic.records())).toList()),
              Map.of(),
              rows));
    }
    VariantReport ceiling = reports.get(SinkVariant.CEILING.id());
    List<VariantReport> compared =
        reports.values().stream()
            .map(each -> ceiling == null ? each : each.comparedWith(ceiling))
            .toList();
    Map<String, Object> parameters = new LinkedHashMap<>(Machine.describe());
    parameters.put("seed", options.load().seed());
    parameters.put("rounds", options.load().rounds());
    parameters.put("database", options.database());
    parameters.put("webhooks", raw.webhooks());
    parameters.put("events", topic.records());
    parameters.put("rows", topic.rows());
    parameters.put("bytesPerRecord", topic.bytes() / Math.max(1, topic.records()));
    return new BenchReport("sink", parameters, compared, bars(reports), differences);
  }

  private List<Bar> bars(Map<String, VariantReport> reports) {
    String ours = SinkVariant.POSTFLIGHT.id();
    String ceiling = SinkVariant.CEILING.id();
    BenchReport.Bars bars =
        new BenchReport.Bars(reports)
            .addRatio(
                "rows/s against the ceiling",
                ours,
                ceiling,
                SinkResult.ROWS,
                (name, value) -> Bar.atLeast(name, value, 0.9))
            .addRatio(
                "CPU per event against the ceiling",
                ours,
                ceiling,
                RoundFigures.CPU,
                (name, value) -> Bar.atMost(name, value, 1.3))
            .add(
                "CPU per event, draining, us",
                ours,
                RoundFigures.CPU,
                (name, value) -> Bar.atMost(name, value, 45))
            .add(
                "statements per event, catching up",
                ours,
                SinkResult.STATEMENTS,
                (name, value) -> Bar.atMost(name, value, 1.3))
            .add(
                "peak heap, MiB",
                ours,
                RoundFigures.HEAP,
                (name, value) -> Bar.atMost(name, value, 512))
            .add(
                "peak resident set, MiB",
                ours,
                RoundFigures.RESIDENT,
                (name, value) -> Bar.atMost(name, value, 1_024));
    if (options.database() == Database.EMBEDDED) {
      bars.add(
              "CPU of the database per event, draining, us",
              ours,
              RoundFigures.DATABASE_CPU,
              (name, value) -> Bar.atMost(name, value, 250))
          .addRatio(
              "rows/s against parallel-consumer KEY",
              ours,
              SinkVariant.PARALLEL_KEY.id(),
              SinkResult.ROWS,
              (name, value) -> Bar.atLeast(name, value, 4))
          .addRatio(
              "rows/s against parallel-consumer UNORDERED",
              ours,
              SinkVariant.PARALLEL_UNORDERED.id(),
              SinkResult.ROWS,
              (name, value) -> Bar.atLeast(name, value, 1.5))
          .addRatio(
              "rows/s against blocking Streams",
              ours,
              SinkVariant.STREAMS_BLOCKING.id(),
              SinkResult.ROWS,
              (name, value) -> Bar.atLeast(name, value, 12));
    }
    return bars.list();
  }

  private StorageTier tier(SinkVariant variant) {
    return deployment
        .settings(Map.of("tiers." + BenchTenants.TIER + ".keyspace", variant.keyspace()))
        .tier(BenchTenants.TIER)
        .orElseThrow();
  }

  /** To the server that keeps rows, whatever variants write to. */
  private CqlSession session() {
    StorageTier any = tier(SinkVariant.POSTFLIGHT);
    return CqlSessions.open(
        any.at("127.0.0.1:" + servers.cassandraPort(), "datacenter1").cluster());
  }

  @Override
  public void close() {
    turns.close();
  }
}
