package io.postflight.cli;

import io.postflight.operations.admin.TierSchemas;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that compares the schemas of the tiers with the configured ones. */
abstract class SchemaCommand extends ServerCommand {
  @Option(names = "--tier", paramLabel = "T", description = "Only this tier.")
  @Nullable String tier;

  @Option(names = "--json", description = "As JSON lines, one per tier.")
  boolean json;

  final int run(boolean apply) {
    TierSchemas schemas = new TierSchemas(settings().operations());
    return ExitCodes.of(schemas.run(tier, apply, state -> show(state, json, this::print)));
  }

  private void print(TierSchemas.TierSchema state) {
    if (state.statements().isEmpty()) {
      out().println(state.tier() + ": keyspace " + state.keyspace() + " is as configured");
    }
    for (String statement : state.statements()) {
      String line = statement.replaceAll("\\s+", " ");
      out().println(state.tier() + (state.applied() ? ": done  " : ": ") + line);
    }
  }
}
