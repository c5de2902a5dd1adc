package io.postflight.cli;

import io.postflight.operations.admin.KeyChange;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.schema.tenant.Tenant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that changes the API keys of a tenant. */
abstract class KeyChangeCommand extends ServerCommand {
  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "T",
      description = "The tenant of the key.")
  String tenant = "";

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  /**
   * Changes the tenant and prints the result.
   *
   * @param created the key that the change adds, which is shown only now; null: it adds none
   * @param remembered whether other commands on the same dev may use it
   * @return the exit code
   */
  final int change(UnaryOperator<Tenant> change, @Nullable String created, boolean remembered) {
    try (TenantAdmin tenants = tenants(settings())) {
      Tenant before = tenants.requireNamed(tenant);
      Tenant after = change.apply(before);
      tenants.put(after);
      if (created != null && remembered) {
        servers.remember(after, created);
      }
      show(KeyChange.of(before, after, created), json, this::print);
    }
    return ExitCodes.DONE;
  }

  private void print(KeyChange keys) {
    if (keys.apiKey() != null) {
      out().println("API key of " + keys.tenant() + ", shown only once: " + keys.apiKey());
    }
    keys.ended().forEach(id -> out().println("no longer valid: " + id));
    out().println("valid: " + (keys.valid().isEmpty() ? "none" : String.join(", ", keys.valid())));
  }
}
