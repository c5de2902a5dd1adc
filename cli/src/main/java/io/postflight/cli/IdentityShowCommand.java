package io.postflight.cli;

import io.postflight.operations.client.UserText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the ids of a person. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows all known ids of the person who has an id, and since and until when.",
      "",
      "Phone numbers and e-mail addresses pass to other persons; other ids do not.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight identity show --tenant acme 593990000525",
      "  postflight identity show --tenant acme --json DE.777 | jq .aliases"
    })
final class IdentityShowCommand extends ReadCommand {
  @Parameters(paramLabel = "ALIAS", description = "One of the ids; put -- before one like -x.")
  String alias = "";

  @Override
  public Integer call() {
    return read("/v1/user/identity", "user", alias, ids -> UserText.identity(ids, out()));
  }
}
