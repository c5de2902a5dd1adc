package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.client.DeploymentClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one message. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows one message, in flight or complete, with the time of each status.",
      "",
      "Exit code 1 if there is no such message.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight message show --tenant acme wamid.HBgMNTkzOTkwMDAwNTI1",
      "  postflight message show --tenant acme --json SM0123 | jq .times"
    })
final class MessageShowCommand extends Subcommand {
  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @Option(names = "--json", description = "As JSON, as returned by the API.")
  boolean json;

  @Parameters(paramLabel = "ID", description = "The message's id; put -- before one like -x.")
  String id = "";

  @Override
  public Integer call() {
    DeploymentOptions.Access access = deployment.access(global());
    JsonNode message =
        access.read(
            "/v1/message?id=" + DeploymentClient.encoded(id),
            "there is no message " + id + " of " + deployment.tenant());
    show(message, json, this::print);
    return ExitCodes.DONE;
  }

  private void print(JsonNode message) {
    out().println(message.path("messageId").asText());
    printFields(message);
    message
        .path("times")
        .properties()
        .forEach(time -> printField("at " + time.getKey(), time.getValue().asText()));
    for (String part : List.of("error", "price", "attributes")) {
      message
          .path(part)
          .properties()
          .forEach(each -> printField(part + '.' + each.getKey(), each.getValue().asText()));
    }
  }
}
