package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import picocli.CommandLine.Command;
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
final class TenantsShowCommand extends ServerCommand {
  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Parameters(paramLabel = "T", description = "The tenant.")
  String id = "";

  TenantsShowCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    try (TenantAdmin tenants = tenants(settings)) {
      Tenant tenant = tenants.require(id);
      TenantPrinter printer = new TenantPrinter(settings);
      if (json) {
        printJson(printer.view(tenant));
      } else {
        printer.print(tenant, out());
      }
    }
    return ExitCodes.DONE;
  }
}
