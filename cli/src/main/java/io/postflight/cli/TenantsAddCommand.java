package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.operations.admin.AddedTenant;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.admin.TenantChanges;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a tenant. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = {
      "Adds a tenant with an API key, and prints the key once (only its hash is stored), and the"
          + " webhook URLs. Running roles use it within seconds.",
      "",
      "Exit code 1 if a tenant with this name exists; it is not changed.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight tenants add acme --tier 30d",
      "  postflight tenants add acme --tier 30d --secret twilio.authToken=$TOKEN --json"
    })
final class TenantsAddCommand extends TenantCommand {
  @Mixin NewKey newKey = new NewKey();

  @Option(
      names = "--tier",
      required = true,
      paramLabel = "X",
      description = "The tier of its messages.")
  String tier = "";

  @Option(
      names = "--secret",
      paramLabel = "PROVIDER.NAME=VALUE",
      description =
          "A secret for a provider's signatures; may be repeated. To keep it out of shell"
              + " history and process list, use 'tenants apply'.")
  List<String> secrets = new ArrayList<>();

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Parameters(
      paramLabel = "T",
      description = "Name of the tenant: 1 to 63 of a-z, 0-9, '-' and '_'.")
  String id = "";

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    ApiKeys.Created key = newKey.create(environment().clock());
    Tenant tenant =
        Tenant.newBuilder(TenantChanges.withKey(TenantChanges.created(id, tier), key.kept()))
            .setSecrets(SecretNames.parse(secrets))
            .build();
    try {
      servers.tenantRules(settings).require(tenant);
    } catch (IllegalArgumentException refused) {
      throw OperationException.usage(String.valueOf(refused.getMessage()));
    }
    try (TenantAdmin tenants = tenants(settings)) {
      tenants.add(tenant);
    }
    if (newKey.hasAllScopes()) {
      servers.remember(tenant, key.key());
    }
    show(new AddedTenant(key.key(), view(tenant, settings)), json, this::print);
    return ExitCodes.DONE;
  }

  private void print(AddedTenant added) {
    out().println("Tenant " + id + " added to tier " + tier + ".");
    out().println("  API key            " + added.apiKey());
    printUrls(added.tenant());
    out().println("The key is shown only once: store it.");
  }
}
