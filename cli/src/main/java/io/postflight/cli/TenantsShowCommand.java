package io.postflight.cli;

import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one tenant. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows one tenant: its tiers and shards with their start times, its API keys by id, the"
          + " names of its secrets (never their values), and its webhook URLs.",
      "",
      "Exit code 1 if there is no such tenant.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight tenants show acme",
      "  postflight tenants show acme --json"
    })
final class TenantsShowCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Parameters(paramLabel = "T", description = "The tenant.")
  String id = "";

  private final GlobalOptions global;
  private final Surroundings surroundings;

  TenantsShowCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = servers.settings(global, surroundings);
    try (TenantAdmin tenants =
        TenantAdmin.open(settings.operations(), servers.tenantRules(settings))) {
      Tenant tenant = tenants.require(id);
      TenantPrinter printer = new TenantPrinter(settings);
      if (json) {
        new JsonLines(surroundings.out()).print(node -> printer.fill(tenant, node));
      } else {
        printer.print(tenant, surroundings.out());
      }
    }
    return ExitCodes.DONE;
  }
}
