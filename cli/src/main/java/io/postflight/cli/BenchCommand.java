package io.postflight.cli;

import io.postflight.bench.Bench;
import io.postflight.bench.BenchOptions;
import io.postflight.bench.BenchOptions.Load;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.runtime.Shutdown;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what a part costs, beside a ceiling and others in the same run. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what a part costs on servers of its own, beside a ceiling and other libraries that"
          + " do the same work in turns: rates, CPU time of each process, statements, memory."
          + " Nothing else should run meanwhile. Exit code 1 if the work was not the same.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight bench topology",
      "  postflight bench sink --json sink.json",
      "  postflight bench sink --database void --variants postflight,ceiling"
    })
final class BenchCommand extends StackCommand {
  @Parameters(
      paramLabel = "NAME",
      description =
          "What to measure: e2e, gateway, persons, query, restore, sink, topology; or against a size:"
              + " scale-partitions, -state, -tenants, -tiers, -instances, -users.")
  String name;

  @Within(least = 1, most = 10_000_000)
  @Option(names = "--records", description = "Events of a round (default: by what is measured).")
  @Nullable Long records;

  @Within(least = 1, most = 100)
  @Option(names = "--rounds", description = "Rounds after the warm-up (default: 3).")
  int rounds = 3;

  @Option(names = "--seed", description = "Seed of the simulation (default: 1).")
  long seed = 1;

  @Option(
      names = "--database",
      paramLabel = "D",
      defaultValue = "embedded",
      description = "embedded, or void: acknowledges writes without executing them.")
  String database;

  @Option(names = "--variants", split = ",", description = "Some of the variants (default: all).")
  List<String> variants = List.of();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "-",
      description = "Figures as JSON too, into FILE; without it only as JSON.")
  @Nullable String json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireServers("bench");
    refuseServers("bench", global());
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      BenchOptions options =
          new BenchOptions(
              global().config,
              global().assignments,
              new Load(records == null ? 0 : records, rounds, Load.WARM_UP_SECONDS, seed),
              Database.of(database),
              variants);
      return ExitCodes.of(
          new Bench(shutdown.silencing(progress()), out()).run(name, options, json));
    }
  }
}
