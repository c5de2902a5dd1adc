package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that changes which API keys a tenant has; how is its own matter. */
abstract class KeyChangeCommand extends ServerCommand {
  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "T",
      description = "The tenant of the key.")
  String tenant = "";

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  KeyChangeCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  /**
   * Changes the tenant and prints what became of its keys.
   *
   * @param made the key that the change adds, which is shown only now; null: it adds none
   * @param remembered whether commands on the same dev may act with it
   * @return the exit code
   */
  final int change(UnaryOperator<Tenant> change, @Nullable String made, boolean remembered) {
    DeploymentSettings settings = settings();
    try (TenantAdmin tenants = tenants(settings)) {
      Tenant before = tenants.requireNamed(tenant);
      Tenant after = change.apply(before);
      tenants.put(after);
      if (made != null && remembered) {
        servers.remember(after, made);
      }
      new KeyReport(out(), json).print(before, after, made);
    }
    return ExitCodes.DONE;
  }

  final long nowMillis() {
    return environment.clock().millis();
  }
}
