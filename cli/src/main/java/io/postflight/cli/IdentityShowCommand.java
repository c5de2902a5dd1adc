package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.operations.client.UserText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
final class IdentityShowCommand extends Subcommand {
  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @Option(names = "--json", description = "As JSON, as returned by the API.")
  boolean json;

  @Parameters(paramLabel = "ALIAS", description = "One of the ids; put -- before one like -x.")
  String alias = "";

  @Override
  public Integer call() {
    DeploymentOptions.Access access = deployment.access(global());
    String path = "/v1/user/identity?id=" + DeploymentClient.encoded(alias);
    JsonNode identity = access.read(path, "the deployment does not support identities");
    show(identity, json, ids -> UserText.identity(ids, out()));
    return ExitCodes.DONE;
  }
}
