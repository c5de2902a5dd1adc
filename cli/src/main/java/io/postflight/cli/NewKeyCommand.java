package io.postflight.cli;

import io.postflight.cli.admin.TenantAdmin;
import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.Surroundings;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that makes an API key; which keys a tenant has then is its own matter. */
abstract class NewKeyCommand implements Callable<Integer> {
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

  NewKeyCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  /** The tenant with the key. */
  abstract Tenant with(ApiKey key, Tenant before);

  @Override
  public Integer call() {
    ApiKeys.Created key = newKey.create(surroundings.clock().millis());
    DeploymentSettings settings = servers.settings(global, surroundings);
    try (TenantAdmin tenants = TenantAdmin.open(settings, servers.tenantRules(settings))) {
      Tenant before = tenants.require(tenant);
      Tenant after = with(key.kept(), before);
      tenants.put(after);
      new KeyReport(surroundings.out(), json).print(before, after, key.key());
    }
    return ExitCodes.DONE;
  }
}
