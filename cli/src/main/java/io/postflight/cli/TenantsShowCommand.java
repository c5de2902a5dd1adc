package io.postflight.cli;

import io.postflight.operations.admin.TenantAdmin;
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
final class TenantsShowCommand extends TenantCommand {
  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Parameters(paramLabel = "T", description = "The tenant.")
  String id = "";

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    try (TenantAdmin tenants = tenants(settings)) {
      show(view(tenants.require(id), settings), json, this::print);
    }
    return ExitCodes.DONE;
  }
}
