package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows in what the tiers' schemas differ from the configured ones. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the CQL statements that 'schema apply' would execute in each tier's cluster:"
          + " keyspaces,"
          + " types, tables and columns that are missing, table options that differ. Changes"
          + " nothing.",
      "",
      "Exit code 0 if there are no differences, 1 otherwise.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight schema diff",
      "  postflight schema diff --tier 30d --json"
    })
final class SchemaDiffCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--tier", paramLabel = "T", description = "Only this tier.")
  @Nullable String tier;

  @Option(names = "--json", description = "As JSON lines, one per tier.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  SchemaDiffCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return new SchemaRun(servers.settings(global, surroundings), surroundings.out(), json)
        .run(tier, false);
  }
}
