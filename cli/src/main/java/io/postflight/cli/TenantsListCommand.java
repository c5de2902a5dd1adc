package io.postflight.cli;

import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.admin.TenantSummary;
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

  @Override
  public Integer call() {
    try (TenantAdmin tenants = tenants(settings())) {
      tenants.list().forEach(each -> show(each, json, this::print));
    }
    return ExitCodes.DONE;
  }

  private void print(TenantSummary tenant) {
    out().printf("%-24s %-12s keys: %d%n", tenant.id(), tenant.tier(), tenant.keys());
  }
}
