package io.postflight.cli;

import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class TenantsListCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--json", description = "As JSON lines, one per tenant.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  TenantsListCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = servers.settings(global, surroundings);
    try (TenantAdmin tenants =
        TenantAdmin.open(settings.operations(), servers.tenantRules(settings))) {
      JsonLines lines = new JsonLines(surroundings.out());
      for (Tenant tenant : tenants.all()) {
        String tier = TenantTiers.newest(tenant);
        int keys = tenant.getKeys().size();
        if (json) {
          lines.print(node -> node.put("id", tenant.getId()).put("tier", tier).put("keys", keys));
        } else {
          surroundings.out().printf("%-24s %-12s keys: %d%n", tenant.getId(), tier, keys);
        }
      }
    }
    return ExitCodes.DONE;
  }
}
