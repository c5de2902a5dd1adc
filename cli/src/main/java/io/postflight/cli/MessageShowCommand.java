package io.postflight.cli;

import io.postflight.operations.client.MessageText;
import picocli.CommandLine.Command;
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
final class MessageShowCommand extends ReadCommand {
  @Parameters(paramLabel = "ID", description = "The message's id; put -- before one like -x.")
  String id = "";

  @Override
  public Integer call() {
    return read("/v1/message", "message", id, each -> MessageText.message(each, out()));
  }
}
