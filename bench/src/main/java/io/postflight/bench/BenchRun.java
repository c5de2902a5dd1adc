package io.postflight.bench;

import io.postflight.bench.process.Quiet;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.workload.BenchServers;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.Machine;
import io.postflight.operations.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One run of a benchmark.
 *
 * @param benchmark what is run
 * @param options what to measure
 * @param servers that it measures on
 * @param directory for state and logs
 * @param progress of the run
 */
public record BenchRun(
    Benchmark benchmark,
    BenchOptions options,
    BenchServers servers,
    Path directory,
    Progress progress) {
  private static final String CEILING = "ceiling";

  /** Name of the benchmark, and prefix of its topics. */
  public String name() {
    return benchmark.name();
  }

  /** The variants to measure. */
  public <V extends BenchVariant> List<V> variants(Class<V> type) {
    return options.chosen(benchmark.variants()).stream().map(type::cast).toList();
  }

  /** The deployment that is measured, with topics of its own. */
  public Deployment deployment() {
    return servers
        .deployment(options.file(), options.assignments(), directory.resolve("state-" + name()))
        .withTopics(name() + '-');
  }

  /** Starts a process that ends with this one. */
  public <Q, A> VariantProcess<Q, A> start(String process, VariantProcess.Program<Q, A> program) {
    return VariantProcess.start(
        program, directory.resolve(name() + '-' + process + ".log"), options.load().isTrial());
  }

  /** Waits until servers have done what an earlier round has left them to do. */
  public void awaitIdleServers() throws InterruptedException {
    if (!options.load().isTrial()) {
      Quiet.await(servers.processes().values());
    }
  }

  /** Lets variants take turns. */
  public <V extends BenchVariant, P extends VariantProcess<?, ?>, R> void run(
      Turns<V, P, R> turns, Turns.Work<V, P, R> round) throws InterruptedException {
    turns.run(options.load().rounds(), options.load().warmUpSeconds(), round, progress);
  }

  /**
   * The figures of all variants, by id, those of a ceiling for comparison.
   *
   * @param figures of a round
   */
  public static <V extends BenchVariant, R> Map<String, VariantReport> reports(
      List<? extends Turns.Lane<V, ?, R>> lanes, Function<R, Map<String, Double>> figures) {
    Map<String, VariantReport> reports = new LinkedHashMap<>();
    for (Turns.Lane<V, ?, R> lane : lanes) {
      reports.put(
          lane.variant().id(),
          new VariantReport(
              lane.variant().id(),
              lane.variant().description(),
              RoundFigures.overRounds(lane.results().stream().map(figures).toList()),
              Map.of(),
              Map.of()));
    }
    VariantReport ceiling = reports.get(CEILING);
    if (ceiling != null) {
      reports.replaceAll((id, report) -> report.comparedWith(ceiling));
    }
    return reports;
  }

  /**
   * The result.
   *
   * @param parameters what it was run with, besides options and machine
   */
  public BenchReport report(
      Map<String, ?> parameters,
      Map<String, VariantReport> reports,
      List<Bar> bars,
      List<String> differences) {
    Map<String, Object> all = new LinkedHashMap<>(Machine.describe());
    all.put("seed", options.load().seed());
    all.put("rounds", options.load().rounds());
    all.putAll(parameters);
    return new BenchReport(name(), all, new ArrayList<>(reports.values()), bars, differences);
  }
}
