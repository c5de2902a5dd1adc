package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.admin.TenantChanges;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
final class TenantsAddCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();
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

  private final GlobalOptions global;
  private final Surroundings surroundings;

  TenantsAddCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = servers.settings(global, surroundings);
    ApiKeys.Created key = newKey.create(surroundings.clock().millis());
    Tenant wanted =
        Tenant.newBuilder(TenantChanges.withKey(TenantChanges.created(id, tier), key.kept()))
            .setSecrets(secrets())
            .build();
    try {
      servers.tenantRules(settings).require(wanted);
    } catch (IllegalArgumentException refused) {
      throw OperationException.usage(String.valueOf(refused.getMessage()));
    }
    try (TenantAdmin tenants =
        TenantAdmin.open(settings.operations(), servers.tenantRules(settings))) {
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

  private void print(Tenant tenant, String key, TenantPrinter printer) {
    PrintStream out = surroundings.out();
    if (json) {
      new JsonLines(out)
          .print(
              node -> {
                node.put("apiKey", key);
                printer.fill(tenant, node);
                ObjectNode missing = node.putObject("missingSecrets");
                SecretNames.missing(tenant)
                    .forEach((provider, names) -> names.forEach(missing.withArray(provider)::add));
              });
      return;
    }
    out.println("Tenant " + tenant.getId() + " added to tier " + tier + ".");
    out.println("  API key            " + key);
    printer.printUrls(tenant, out);
    out.println("The key is shown only once: store it.");
  }

  private Map<String, Map<String, String>> secrets() {
    Map<String, Map<String, String>> byProvider = new TreeMap<>();
    for (String secret : secrets) {
      int equals = secret.indexOf('=');
      int dot = secret.indexOf('.');
      if (dot < 1 || equals < dot + 2 || equals == secret.length() - 1) {
        throw OperationException.usage(
            "--secret must be PROVIDER.NAME=VALUE, such as twilio.authToken=abc");
      }
      byProvider
          .computeIfAbsent(secret.substring(0, dot), provider -> new TreeMap<>())
          .put(secret.substring(dot + 1, equals), secret.substring(equals + 1));
    }
    List<String> problems = SecretNames.problems(byProvider);
    if (!problems.isEmpty()) {
      throw OperationException.usage("--secret: " + String.join("; ", problems));
    }
    return byProvider;
  }
}
