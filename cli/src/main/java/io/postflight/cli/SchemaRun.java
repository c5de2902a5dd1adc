package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.admin.TierSchemas;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code schema diff} and {@code schema apply} have in common. */
abstract class SchemaRun extends ServerCommand {
  @Option(names = "--tier", paramLabel = "T", description = "Only this tier.")
  @Nullable String tier;

  @Option(names = "--json", description = "As JSON lines, one per tier.")
  boolean json;

  SchemaRun(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  final int run(boolean apply) {
    return ExitCodes.of(new TierSchemas(settings().operations()).run(tier, apply, this::print));
  }

  private void print(TierSchemas.State state) {
    if (json) {
      printJson(state);
      return;
    }
    if (state.statements().isEmpty()) {
      out().println(state.tier() + ": keyspace " + state.keyspace() + " is as configured");
    }
    for (String statement : state.statements()) {
      String line = statement.replaceAll("\\s+", " ");
      out().println(state.tier() + (state.applied() ? ": done  " : ": ") + line);
    }
  }
}
