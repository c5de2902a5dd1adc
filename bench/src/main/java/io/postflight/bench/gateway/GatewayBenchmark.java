package io.postflight.bench.gateway;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.bench.Bar;
import io.postflight.bench.BenchReport;
import io.postflight.bench.BenchRun;
import io.postflight.bench.Benchmark;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.Turns;
import io.postflight.bench.VariantReport;
import io.postflight.bench.load.LoadGenerator;
import io.postflight.bench.load.LoadResult;
import io.postflight.bench.load.LoadRound;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.role.RoleState;
import io.postflight.bench.role.RoleStep;
import io.postflight.bench.workload.Deployment;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.admin.Provisioning;
import io.postflight.settings.DeploymentSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code bench gateway}: signed webhooks from another process to the API's role and to a handler
 * that only produces, in turns.
 */
public final class GatewayBenchmark implements AutoCloseable {
  /** As a command runs it. */
  public static final Benchmark BENCHMARK =
      new Benchmark(
          "gateway", List.of(GatewayVariant.values()), true, GatewayBenchmark::runAndClose);

  private static final long EVENTS = 400_000;

  private final BenchRun run;
  private final Deployment deployment;
  private final VariantProcess<LoadRound, LoadResult> load;
  private final Turns<GatewayVariant, VariantProcess<RoleStep, RoleState>, Round> turns =
      new Turns<>(Round::usage);
  private final long now = System.currentTimeMillis();

  /** What a round did, and how it was answered. */
  private record Round(RoundMeter.Usage usage, LoadResult load) {
    Map<String, Double> figures() {
      Map<String, Double> figures = new LinkedHashMap<>(RoundFigures.of(usage, load.webhooks()));
      figures.putAll(load.figures(load.webhooks()));
      return figures;
    }
  }

  private GatewayBenchmark(BenchRun run) {
    this.run = run;
    this.deployment = run.deployment();
    this.load = run.start("load", LoadGenerator.PROGRAM);
  }

  private static BenchReport runAndClose(BenchRun run) throws InterruptedException {
    try (GatewayBenchmark benchmark = new GatewayBenchmark(run)) {
      return benchmark.measure();
    }
  }

  private BenchReport measure() throws InterruptedException {
    for (GatewayVariant variant : run.variants(GatewayVariant.class)) {
      turns.add(variant, run.start(variant.id(), variant.program()));
    }
    DeploymentSettings settings = deployment.settings();
    Provisioning.createTopics(settings.operations());
    try (CqlSession session = CqlSessions.open(settings.tiers().get(0).cluster())) {
      Provisioning.createSchemas(settings.tiers(), session);
    }
    run.run(turns, (variant, process, round) -> round(process));
    return report();
  }

  private Round round(VariantProcess<RoleStep, RoleState> process) throws InterruptedException {
    RoleStep step = new RoleStep(RoleStep.Action.START, deployment, run.servers().kafkaProcess());
    int port = process.run(step).port();
    run.awaitIdleServers();
    process.run(step.with(RoleStep.Action.BEGIN));
    LoadResult result =
        load.run(
            new LoadRound(
                port, run.options().load().seed(), now, run.options().load().recordsOr(EVENTS), 0));
    return new Round(process.run(step.with(RoleStep.Action.END)).used(), result);
  }

  private BenchReport report() {
    List<String> differences = new ArrayList<>();
    for (var lane : turns.lanes()) {
      long failed = lane.results().stream().mapToLong(round -> round.load().failed()).sum();
      if (failed > 0) {
        differences.add(lane.variant().id() + " did not answer 200 to " + failed + " webhooks");
      }
    }
    Map<String, VariantReport> reports = BenchRun.reports(turns.lanes(), Round::figures);
    return run.report(
        Map.of("concurrentRequests", LoadGenerator.CLOSED_LOOP),
        reports,
        bars(reports),
        differences);
  }

  private static List<Bar> bars(Map<String, VariantReport> reports) {
    String ours = GatewayVariant.POSTFLIGHT.id();
    return new BenchReport.Bars(reports)
        .add("CPU per request, us", ours, RoundFigures.CPU, Bar.atMost(35))
        .addRatio(
            "CPU per request against a handler that only produces",
            ours,
            GatewayVariant.CEILING.id(),
            RoundFigures.CPU,
            Bar.atMost(1.25))
        .addMemory(ours)
        .list();
  }

  @Override
  public void close() {
    turns.close();
    load.close();
  }
}
