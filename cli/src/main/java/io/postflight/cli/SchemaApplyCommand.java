package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the tiers' schemas as they are configured. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Creates missing keyspaces, types, tables and columns in each tier's cluster, and sets"
          + " table options that differ. Idempotent; never drops anything, and never changes the"
          + " replication of an existing keyspace.",
      ""
    },
    footer = {"", "Examples:", "  postflight schema apply", "  postflight schema apply --tier 30d"})
final class SchemaApplyCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--tier", paramLabel = "T", description = "Only this tier.")
  @Nullable String tier;

  @Option(names = "--json", description = "As JSON lines, one per tier.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  SchemaApplyCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return new SchemaRun(servers.settings(global, surroundings), surroundings.out(), json)
        .run(tier, true);
  }
}
