package io.postflight.cli;

import io.postflight.operations.client.MessageText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Explains one message. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Explains one message: which event each of its facts stems from, and what became of each"
          + " event.",
      "",
      "Exit code 1 if there is no such message.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight message explain --tenant acme wamid.HBgMNTkzOTkwMDAwNTI1",
      "  postflight message explain --tenant acme --json SM0123 | jq .events"
    })
final class MessageExplainCommand extends ReadCommand {
  @Parameters(paramLabel = "ID", description = "The message's id; put -- before one like -x.")
  String id = "";

  @Override
  public Integer call() {
    return read("/v1/message/explain", "message", id, each -> MessageText.explanation(each, out()));
  }
}
