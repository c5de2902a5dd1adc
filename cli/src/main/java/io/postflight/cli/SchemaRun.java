package io.postflight.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.operations.OperationException;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.WriteException;
import io.postflight.store.cql.CqlSchema;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through the tiers for {@code schema diff} and {@code schema apply}. */
final class SchemaRun {
  private final DeploymentSettings settings;
  private final PrintStream out;
  private final boolean json;

  SchemaRun(DeploymentSettings settings, PrintStream out, boolean json) {
    this.settings = settings;
    this.out = out;
    this.json = json;
  }

  /**
   * Compares, and applies if wanted. A tier that is away does not keep the others from their turn.
   *
   * @param only name of the one tier to go to; null: all
   * @return the exit code
   * @throws OperationException after the last tier, if a cluster is away or refuses
   */
  int run(@Nullable String only, boolean apply) {
    List<OperationException> faults = new ArrayList<>();
    boolean differences = false;
    for (StorageTier tier : tiers(only)) {
      try {
        List<String> statements = CqlSchema.pending(tier.tier(), tier.cluster());
        if (apply && !statements.isEmpty()) {
          CqlSchema.create(tier.tier(), tier.cluster());
        }
        print(tier, statements, apply);
        differences |= !statements.isEmpty();
      } catch (WriteException fault) {
        faults.add(ServerFaults.of("tier " + tier.name(), fault));
      }
    }
    if (!faults.isEmpty()) {
      throw faults.get(0);
    }
    return differences && !apply ? ExitCodes.BAD_ANSWER : ExitCodes.DONE;
  }

  private List<StorageTier> tiers(@Nullable String only) {
    if (only == null) {
      return settings.tiers();
    }
    return List.of(
        settings
            .tier(only)
            .orElseThrow(
                () ->
                    OperationException.usage(
                        "--tier "
                            + only
                            + " is not a tier of this deployment; allowed: "
                            + String.join(", ", settings.tierNames()))));
  }

  private void print(StorageTier tier, List<String> statements, boolean applied) {
    if (json) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.put("tier", tier.name()).put("keyspace", tier.cluster().keyspace());
      statements.forEach(object.putArray("statements")::add);
      new JsonLines(out).print(object.put("applied", applied));
      return;
    }
    if (statements.isEmpty()) {
      out.println(tier.name() + ": keyspace " + tier.cluster().keyspace() + " is as configured");
    }
    for (String statement : statements) {
      String line = statement.replaceAll("\\s+", " ");
      out.println(tier.name() + (applied ? ": done  " : ": ") + line);
    }
  }
}
