package io.postflight.cli;

import picocli.CommandLine.Command;

/** Shows how the tiers' schemas differ from the configured ones. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the CQL statements that 'schema apply' would execute in each tier's cluster:"
          + " keyspaces, types, tables and columns that are missing, table options that differ."
          + " Changes nothing.",
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
final class SchemaDiffCommand extends SchemaCommand {
  @Override
  public Integer call() {
    return run(false);
  }
}
