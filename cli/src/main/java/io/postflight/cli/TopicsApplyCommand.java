package io.postflight.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Applies the configuration of topics. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Creates missing topics and sets configurations that differ. Idempotent; never deletes"
          + " topics or removes partitions, and never changes the partition count of events and"
          + " of topics keyed like it.",
      "",
      "Exit code 0 if everything is as configured afterwards, 1 if manual steps remain.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight topics apply",
      "  postflight topics apply --set kafka.retention.store=7d --shorten"
    })
final class TopicsApplyCommand extends TopicsCommand {
  @Option(
      names = "--shorten",
      description = "Also applies shorter retentions, which delete older records.")
  boolean shorten;

  @Override
  public Integer call() {
    return print(topics().apply(shorten));
  }
}
