package io.postflight.cli;

import picocli.CommandLine.Command;

/** Applies the configured schemas of the tiers. */
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
final class SchemaApplyCommand extends SchemaCommand {
  @Override
  public Integer call() {
    return run(true);
  }
}
