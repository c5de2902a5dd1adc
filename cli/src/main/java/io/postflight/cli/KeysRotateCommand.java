package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
import io.postflight.operations.admin.TenantChanges;
import io.postflight.schema.directory.ApiKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
final class KeysRotateCommand extends KeyChangeCommand {
  @Mixin NewKey newKey = new NewKey();

  KeysRotateCommand(GlobalOptions global, Surroundings surroundings) {
    super(global, surroundings);
  }

  @Override
  public Integer call() {
    ApiKeys.Created key = newKey.create(nowMillis());
    return change(
        before -> TenantChanges.rotated(before, key.kept()), key.key(), newKey.hasAllScopes());
  }
}
