package io.postflight.cli;

import io.postflight.cli.admin.TenantChanges;
import io.postflight.cli.output.Surroundings;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import picocli.CommandLine.Command;

/** Makes an API key. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Makes an API key for a tenant beside the one it has, and prints it: only now, since a hash of"
          + " it is all that is kept. Two may be valid at once.",
      "",
      "Exit code 1 if the tenant has two already.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight keys create --tenant acme",
      "  postflight keys create --tenant acme --scopes read --json"
    })
final class KeysCreateCommand extends NewKeyCommand {
  KeysCreateCommand(GlobalOptions global, Surroundings surroundings) {
    super(global, surroundings);
  }

  @Override
  Tenant with(ApiKey key, Tenant before) {
    return TenantChanges.withKey(before, key);
  }
}
