package io.postflight.cli;

import io.postflight.operations.admin.TenantChanges;
import io.postflight.schema.directory.ApiKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Creates an API key. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Creates an additional API key for a tenant and prints it once: only its hash is stored."
          + " Two keys may be valid at the same time.",
      "",
      "Exit code 1 if the tenant already has two.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight keys create --tenant acme",
      "  postflight keys create --tenant acme --scopes read --json"
    })
final class KeysCreateCommand extends KeyChangeCommand {
  @Mixin NewKey newKey = new NewKey();

  @Override
  public Integer call() {
    ApiKeys.Created key = newKey.create(environment().clock());
    return change(
        before -> TenantChanges.withKey(before, key.kept()), key.key(), newKey.hasAllScopes());
  }
}
