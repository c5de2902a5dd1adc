package io.postflight.cli;

import io.postflight.operations.admin.TenantChanges;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Revokes an API key. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = {
      "Revokes an API key of a tenant: the given one, else the older of two. Running roles"
          + " reject it within seconds.",
      "",
      "Exit code 1 if the tenant has no such key. The last key must be named.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight keys revoke --tenant acme            the older of two",
      "  postflight keys revoke --tenant acme 7GhT0aPq   this one, by key or id"
    })
final class KeysRevokeCommand extends KeyChangeCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "KEY",
      defaultValue = "",
      description = "Id of the key, as in 'tenants show', or the key itself.")
  String key = "";

  @Override
  public Integer call() {
    return change(before -> TenantChanges.withoutKey(before, id()), null, false);
  }

  /** The middle of {@code pf_<id>_<secret>}. */
  private String id() {
    String[] parts = key.split("_", -1);
    return parts.length == 3 && parts[0].equals("pf") ? parts[1] : key;
  }
}
