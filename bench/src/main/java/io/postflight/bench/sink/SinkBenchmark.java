package io.postflight.bench.sink;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.bench.Bar;
import io.postflight.bench.BenchReport;
import io.postflight.bench.BenchRun;
import io.postflight.bench.Benchmark;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.Turns;
import io.postflight.bench.VariantReport;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.RawTopic;
import io.postflight.bench.workload.TierTopic;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.Provisioning;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Table;
import io.postflight.store.cql.CqlSchema;
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
  /** As a command runs it. */
  public static final Benchmark BENCHMARK =
      new Benchmark("sink", List.of(SinkVariant.values()), true, SinkBenchmark::runAndClose);

  /** The same for the restore. */
  public static final Benchmark RESTORE =
      new Benchmark(
          "restore",
          List.of(SinkVariant.POSTFLIGHT, SinkVariant.RESTORE),
          true,
          SinkBenchmark::runAndClose);

  private static final long RECORDS = 50_000;

  private final BenchRun run;
  private final Turns<SinkVariant, VariantProcess<SinkRound, SinkResult>, SinkResult> turns =
      new Turns<>(SinkResult::usage);

  private SinkBenchmark(BenchRun run) {
    this.run = run;
  }

  private static BenchReport runAndClose(BenchRun run) throws InterruptedException {
    try (SinkBenchmark benchmark = new SinkBenchmark(run)) {
      return benchmark.measure();
    }
  }

  private BenchReport measure() throws InterruptedException {
    try (CqlSession session = session()) {
      for (SinkVariant variant : run.variants(SinkVariant.class)) {
        turns.add(variant, run.start(variant.id(), variant.program()));
        StorageTier tier = tier(variant);
        new CqlSchema(tier.tier(), tier.cluster()).apply(session);
      }
      Deployment deployment = run.deployment();
      DeploymentSettings settings = deployment.settings();
      Provisioning.createTopics(settings.operations());
      run.progress().step("Simulating webhooks");
      RawTopic.Content raw =
          RawTopic.fill(
              deployment,
              run.options().load().seed(),
              run.options().load().recordsOr(RECORDS),
              System.currentTimeMillis());
      TierTopic.fill(deployment, run.progress());
      TierTopic.Content topic = TierTopic.read(settings);
      run.run(
          turns, (variant, process, round) -> process.run(prepare(variant, round, topic, session)));
      run.progress().step("Comparing the tables of all variants");
      return report(topic, raw, session);
    }
  }

  private SinkRound prepare(
      SinkVariant variant, int round, TierTopic.Content topic, CqlSession session)
      throws InterruptedException {
    for (Table table : Table.values()) {
      session.execute("TRUNCATE " + variant.keyspace() + '.' + table.cqlName());
    }
    run.awaitIdleServers();
    String name = variant.id() + '-' + round;
    return new SinkRound(
        run.deployment().with("sink.applicationId", name).withKeyspace(variant.keyspace()).in(name),
        topic.records(),
        run.servers().processes());
  }

  private BenchReport report(TierTopic.Content topic, RawTopic.Content raw, CqlSession session) {
    Map<String, VariantReport> reports =
        BenchRun.reports(turns.lanes(), result -> result.figures(topic.records()));
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
          run.options().database() == Database.VOID
              ? Map.of()
              : TableContents.of(session, variant.keyspace());
      first = first == null ? contents : first;
      if (!contents.equals(first)) {
        differences.add(variant.id() + " left " + contents + " in the tables, others " + first);
      }
      Map<String, Long> rows = new TreeMap<>();
      contents.forEach((table, content) -> rows.put(table, content.rows()));
      reports.computeIfPresent(variant.id(), (id, report) -> report.withRows(rows));
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("database", run.options().database());
    parameters.put("webhooks", raw.webhooks());
    parameters.put("events", topic.records());
    parameters.put("rows", topic.rows());
    parameters.put("bytesPerRecord", topic.bytes() / Math.max(1, topic.records()));
    return run.report(parameters, reports, bars(reports), differences);
  }

  private List<Bar> bars(Map<String, VariantReport> reports) {
    String ours = SinkVariant.POSTFLIGHT.id();
    String ceiling = SinkVariant.CEILING.id();
    BenchReport.Bars bars =
        new BenchReport.Bars(reports)
            .addRatio(
                "rows/s against the ceiling", ours, ceiling, SinkResult.ROWS, Bar.atLeast(0.9))
            .addRatio(
                "CPU per event against the ceiling",
                ours,
                ceiling,
                RoundFigures.CPU,
                Bar.atMost(1.3))
            .add("CPU per event, draining, us", ours, RoundFigures.CPU, Bar.atMost(45))
            .add("statements per event, catching up", ours, SinkResult.STATEMENTS, Bar.atMost(1.3))
            .addMemory(ours);
    if (run.options().database() == Database.EMBEDDED) {
      bars.add(
              "CPU of the database per event, draining, us",
              ours,
              RoundFigures.DATABASE_CPU,
              Bar.atMost(250))
          .addRatio(
              "rows/s of the restore against the sink",
              SinkVariant.RESTORE.id(),
              ours,
              SinkResult.ROWS,
              Bar.atLeast(0.9))
          .addRatio(
              "rows/s against parallel-consumer KEY",
              ours,
              SinkVariant.PARALLEL_KEY.id(),
              SinkResult.ROWS,
              Bar.atLeast(4))
          .addRatio(
              "rows/s against parallel-consumer UNORDERED",
              ours,
              SinkVariant.PARALLEL_UNORDERED.id(),
              SinkResult.ROWS,
              Bar.atLeast(1.5))
          .addRatio(
              "rows/s against blocking Streams",
              ours,
              SinkVariant.STREAMS_BLOCKING.id(),
              SinkResult.ROWS,
              Bar.atLeast(12));
    }
    return bars.list();
  }

  private StorageTier tier(SinkVariant variant) {
    return run.deployment()
        .withKeyspace(variant.keyspace())
        .settings()
        .tier(BenchTenants.TIER)
        .orElseThrow();
  }

  /** To the server that keeps rows, whatever variants write to. */
  private CqlSession session() {
    StorageTier any = tier(SinkVariant.POSTFLIGHT);
    return CqlSessions.open(
        any.at("127.0.0.1:" + run.servers().cassandraPort(), "datacenter1").cluster());
  }

  @Override
  public void close() {
    turns.close();
  }
}
