package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import picocli.CommandLine.Command;

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
final class SchemaApplyCommand extends SchemaRun {
  SchemaApplyCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    return run(true);
  }
}
