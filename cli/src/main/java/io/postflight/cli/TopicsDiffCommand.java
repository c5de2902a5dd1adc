package io.postflight.cli;

import picocli.CommandLine.Command;

/** Shows how topics differ from the configured ones. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Shows differences between the topics in Kafka and the configured ones: missing topics,"
          + " partitions, replicas, configurations. Changes nothing.",
      "",
      "Exit code 0 if there are no differences, 1 otherwise.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight topics diff",
      "  postflight topics diff --json --set kafka.retention.store=21d"
    })
final class TopicsDiffCommand extends TopicsCommand {
  @Override
  public Integer call() {
    return print(topics().diff());
  }
}
