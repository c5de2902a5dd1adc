package io.postflight.cli;

import io.postflight.cli.admin.TenantAdmin;
import io.postflight.cli.admin.TenantChanges;
import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.Surroundings;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.tenant.Tenant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replaces API keys. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a new API key for a tenant and prints it: only now, since a hash of it is all that is"
          + " kept. The newest key of those before stays valid, so that callers can change over, until"
          + " it is revoked or keys are rotated again; an older one ends.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight keys rotate --tenant acme",
      "  postflight keys rotate --tenant acme --scopes read --json"
    })
final class KeysRotateCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();
  @Mixin NewKey newKey = new NewKey();

  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "T",
      description = "The tenant that the key belongs to.")
  String tenant = "";

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  KeysRotateCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ApiKeys.Created key = newKey.create(surroundings.clock().millis());
    DeploymentSettings settings = servers.settings(global, surroundings);
    try (TenantAdmin tenants = TenantAdmin.open(settings, servers.tenantRules(settings))) {
      Tenant before = tenants.require(tenant);
      Tenant after = TenantChanges.rotated(before, key.kept());
      tenants.put(after);
      new KeyReport(surroundings.out(), json).print(before, after, key.key());
    }
    return ExitCodes.DONE;
  }
}
