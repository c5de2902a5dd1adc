package io.postflight.cli;

import io.postflight.cli.admin.TenantChanges;
import io.postflight.cli.output.Surroundings;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import picocli.CommandLine.Command;

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
final class KeysRotateCommand extends NewKeyCommand {
  KeysRotateCommand(GlobalOptions global, Surroundings surroundings) {
    super(global, surroundings);
  }

  @Override
  Tenant with(ApiKey key, Tenant before) {
    return TenantChanges.rotated(before, key);
  }
}
