package io.postflight.cli;

import io.postflight.operations.admin.TenantChanges;
import io.postflight.schema.directory.ApiKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Replaces API keys. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = {
      "Creates a new API key for a tenant and prints it once: only its hash is stored. The"
          + " previous key remains valid, so that clients can switch, until it is revoked or"
          + " keys are rotated again; older keys are revoked.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight keys rotate --tenant acme",
      "  postflight keys rotate --tenant acme --scopes read --json"
    })
final class KeysRotateCommand extends KeyChangeCommand {
  @Mixin NewKey newKey = new NewKey();

  @Override
  public Integer call() {
    ApiKeys.Created key = newKey.create(environment().clock());
    return change(
        before -> TenantChanges.rotated(before, key.kept()), key.key(), newKey.hasAllScopes());
  }
}
