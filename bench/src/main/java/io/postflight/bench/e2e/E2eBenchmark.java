package io.postflight.bench.e2e;

import io.postflight.bench.Bar;
import io.postflight.bench.BenchReport;
import io.postflight.bench.BenchRun;
import io.postflight.bench.Benchmark;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.VariantReport;
import io.postflight.bench.WarmUp;
import io.postflight.bench.workload.BenchServers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code bench e2e}: webhooks through the gateway, the topology and the sink into the tables, with
 * all servers on this machine. First the greatest steady rate is searched, then half of it and
 * draining take turns.
 */
public final class E2eBenchmark {
  /** As a command runs it. */
  public static final Benchmark BENCHMARK =
      new Benchmark("e2e", List.of(E2ePhase.values()), true, E2eBenchmark::run);

  /** The queries alone. */
  public static final Benchmark QUERY =
      new Benchmark("query", List.of(E2ePhase.QUERIES), true, E2eBenchmark::run);

  private static final long EVENTS = 40_000;
  private static final double STEADY_SECONDS = 30;

  private final BenchRun run;
  private final Pipeline pipeline;
  private final Map<E2ePhase, List<Map<String, Double>>> rounds = new EnumMap<>(E2ePhase.class);
  private long failed;

  private E2eBenchmark(BenchRun run, Pipeline pipeline) {
    this.run = run;
    this.pipeline = pipeline;
  }

  private static BenchReport run(BenchRun run) throws InterruptedException {
    run.progress().step("Starting roles");
    try (Pipeline pipeline = Pipeline.start(run)) {
      return new E2eBenchmark(run, pipeline).measure();
    }
  }

  private BenchReport measure() throws InterruptedException {
    List<E2ePhase> phases = run.variants(E2ePhase.class);
    long events = run.options().load().recordsOr(EVENTS);
    WarmUp.run(
        run.options().load().warmUpSeconds(),
        number -> {
          run.progress().step(WarmUp.label(number));
          Phase drained = pipeline.drain(events);
          return new WarmUp.Took(drained.seconds(), drained.compilationShare());
        },
        run.progress());
    SteadyRate.Found greatest = SteadyRate.search(pipeline, run.options().load(), run.progress());
    if (phases.contains(E2ePhase.OPEN_LOOP)) {
      add(E2ePhase.OPEN_LOOP, greatest.phase(), greatest.phase().load().seconds());
    }
    double seconds = run.options().load().isTrial() ? 1 : STEADY_SECONDS;
    if (phases.contains(E2ePhase.QUERIES) && !run.options().load().isTrial()) {
      run.progress().step("Warming up: queries");
      Phase warm = pipeline.openLoopWithQueries(greatest.eventsPerSecond() / 2, seconds);
      failed += warm.load().failed() + warm.queries().failed();
    }
    int last = run.options().load().rounds();
    for (int round = 1; round <= last; round++) {
      String label = "Round " + round + " of " + last + ": ";
      if (phases.contains(E2ePhase.STEADY)) {
        run.progress().step(label + "steady");
        Phase steady = pipeline.openLoop(greatest.eventsPerSecond() / 2, seconds);
        add(E2ePhase.STEADY, steady, steady.load().seconds());
      }
      if (phases.contains(E2ePhase.DRAINING)) {
        run.progress().step(label + "draining");
        Phase draining = pipeline.drain(events);
        add(E2ePhase.DRAINING, draining, draining.seconds());
      }
      if (phases.contains(E2ePhase.QUERIES)) {
        run.progress().step(label + "queries");
        Phase queries = pipeline.openLoopWithQueries(greatest.eventsPerSecond() / 2, seconds);
        add(E2ePhase.QUERIES, queries, queries.load().seconds());
      }
    }
    return report(greatest);
  }

  private void add(E2ePhase kind, Phase phase, double duration) {
    failed += phase.load().failed() + phase.queries().failed();
    rounds.computeIfAbsent(kind, first -> new ArrayList<>()).add(phase.figures(duration));
  }

  private BenchReport report(SteadyRate.Found greatest) {
    Map<String, VariantReport> reports = new LinkedHashMap<>();
    rounds.forEach(
        (kind, figures) ->
            reports.put(
                kind.id(),
                new VariantReport(
                    kind.id(),
                    kind.description(),
                    RoundFigures.overRounds(figures),
                    Map.of(),
                    Map.of())));
    List<String> differences =
        failed == 0 ? List.of() : List.of(failed + " webhooks or queries were not answered 200");
    return run.report(
        Map.of("steadyEventsPerSecond", Math.round(greatest.eventsPerSecond() / 2)),
        reports,
        bars(reports),
        differences);
  }

  private static List<Bar> bars(Map<String, VariantReport> reports) {
    String openLoop = E2ePhase.OPEN_LOOP.id();
    String steady = E2ePhase.STEADY.id();
    String queries = E2ePhase.QUERIES.id();
    String draining = E2ePhase.DRAINING.id();
    BenchReport.Bars bars =
        new BenchReport.Bars(reports)
            .add("events/s, open loop", openLoop, Phase.EVENTS, Bar.atLeast(2_500))
            .add("events/s, draining", draining, Phase.EVENTS, Bar.atLeast(4_000))
            .add("latency p50 at half the rate, ms", steady, Phase.P50, Bar.atMost(90))
            .add("latency p99 at half the rate, ms", steady, Phase.P99, Bar.atMost(250))
            .add("message by id p99, ms", queries, "messageMillisP99", Bar.atMost(15))
            .add("timeline page p99, ms", queries, "timelineMillisP99", Bar.atMost(40))
            .add("statements per event, steady", steady, Phase.STATEMENTS, Bar.atMost(2.2))
            .add(
                "CPU of the sink per event, steady, us",
                steady,
                Phase.cpu(Pipeline.SINK),
                Bar.atMost(65))
            .add(
                "CPU of the database per event, steady, us",
                steady,
                Phase.cpu(BenchServers.DATABASE),
                Bar.atMost(450));
    for (String role : List.of(Pipeline.GATEWAY, Pipeline.TOPOLOGY, Pipeline.SINK)) {
      bars.add("peak heap of the " + role + ", MiB", draining, Phase.heap(role), Bar.atMost(512))
          .add(
              "peak resident set of the " + role + ", MiB",
              draining,
              Phase.resident(role),
              Bar.atMost(1_024));
    }
    return bars.list();
  }
}
