package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists tenants. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {"Lists all tenants with their tier and number of API keys.", ""},
    footer = {
      "",
      "Examples:",
      "  postflight tenants list",
      "  postflight tenants list --json | jq .id"
    })
final class TenantsListCommand extends ServerCommand {
  @Option(names = "--json", description = "As JSON lines, one per tenant.")
  boolean json;

  TenantsListCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    try (TenantAdmin tenants = tenants(settings)) {
      JsonLines lines = new JsonLines(out());
      for (Tenant tenant : tenants.all()) {
        String tier = TenantTiers.newest(tenant);
        int keys = tenant.getKeys().size();
        if (json) {
          lines.print(node -> node.put("id", tenant.getId()).put("tier", tier).put("keys", keys));
        } else {
          out().printf("%-24s %-12s keys: %d%n", tenant.getId(), tier, keys);
        }
      }
    }
    return ExitCodes.DONE;
  }
}
