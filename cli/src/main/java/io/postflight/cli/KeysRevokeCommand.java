package io.postflight.cli;

import io.postflight.cli.admin.TenantAdmin;
import io.postflight.cli.admin.TenantChanges;
import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.Surroundings;
import io.postflight.schema.tenant.Tenant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends an API key. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = {
      "Ends an API key of a tenant: the named one, or else the older of two. Running roles refuse it"
          + " within seconds.",
      "",
      "Exit code 1 if the tenant has no such key. The last key must be named.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight keys revoke --tenant acme            the older of two",
      "  postflight keys revoke --tenant acme 7GhT0aPq   this one, whole or by its id"
    })
final class KeysRevokeCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "T",
      description = "The tenant that the key belongs to.")
  String tenant = "";

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Parameters(
      arity = "0..1",
      paramLabel = "KEY",
      defaultValue = "",
      description = "Id of the key, as 'tenants show' names it, or the key itself.")
  String key = "";

  private final GlobalOptions global;
  private final Surroundings surroundings;

  KeysRevokeCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = servers.settings(global, surroundings);
    try (TenantAdmin tenants = TenantAdmin.open(settings, servers.tenantRules(settings))) {
      Tenant before = tenants.require(tenant);
      Tenant after = TenantChanges.withoutKey(before, id());
      tenants.put(after);
      new KeyReport(surroundings.out(), json).print(before, after, null);
    }
    return ExitCodes.DONE;
  }

  /** The middle of {@code pf_<id>_<secret>}. */
  private String id() {
    String[] parts = key.split("_", -1);
    return parts.length == 3 && parts[0].equals("pf") ? parts[1] : key;
  }
}
