package io.postflight.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.OperationException;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.admin.TenantChanges;
import io.postflight.operations.admin.TenantView;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
final class TenantsAddCommand extends ServerCommand {
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
      description = "Name of the tenant: 1 to 63 of a-z, 0-9, '-' and" + " '_'.")
  String id = "";

  TenantsAddCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    ApiKeys.Created key = newKey.create(environment.clock().millis());
    Tenant wanted =
        Tenant.newBuilder(TenantChanges.withKey(TenantChanges.created(id, tier), key.kept()))
            .setSecrets(SecretNames.parse(secrets))
            .build();
    try {
      servers.tenantRules(settings).require(wanted);
    } catch (IllegalArgumentException refused) {
      throw OperationException.usage(String.valueOf(refused.getMessage()));
    }
    try (TenantAdmin tenants = tenants(settings)) {
      tenants
          .find(id)
          .ifPresent(
              there -> {
                throw OperationException.negative(
                    ("tenant '%s' already exists, in tier %s: 'keys create' creates another key,"
                            + " 'tenants apply' changes it")
                        .formatted(id, TenantTiers.newest(there)));
              });
      tenants.put(wanted);
      if (newKey.hasAllScopes()) {
        servers.remember(wanted, key.key());
      }
    }
    print(wanted, key.key(), new TenantPrinter(settings));
    return ExitCodes.DONE;
  }

  /** The tenant with its key, which is shown only now, and the secrets that it lacks. */
  private record Added(
      String apiKey, @JsonUnwrapped TenantView tenant, Map<String, List<String>> missingSecrets) {}

  private void print(Tenant tenant, String key, TenantPrinter printer) {
    PrintStream out = out();
    if (json) {
      printJson(new Added(key, printer.view(tenant), SecretNames.missing(tenant)));
      return;
    }
    out.println("Tenant " + tenant.getId() + " added to tier " + tier + ".");
    out.println("  API key            " + key);
    printer.printUrls(tenant, out);
    out.println("The key is shown only once: store it.");
  }
}
