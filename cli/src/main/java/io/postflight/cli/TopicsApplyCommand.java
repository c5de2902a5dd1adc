package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.KafkaTopics;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.TopicDifference;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.settings.DeploymentSettings;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes topics as they are configured. */
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
final class TopicsApplyCommand extends ServerCommand {
  @Option(
      names = "--shorten",
      description = "Also applies shorter retentions, which delete older records.")
  boolean shorten;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  TopicsApplyCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    Map<String, TopicCatalogue.Spec> specs =
        Provisioning.topics(settings.operations()).stream()
            .collect(Collectors.toMap(TopicCatalogue.Spec::name, Function.identity()));
    boolean allDone = true;
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      KafkaTopics topics = new KafkaTopics(admin);
      TopicReport report = new TopicReport();
      for (TopicDifference difference : TopicsDiffCommand.differences(settings, topics)) {
        boolean done = mayBeDone(difference);
        if (done) {
          topics.remedy(difference, specs);
        }
        allDone &= done;
        report.add(difference, done, done ? "" : difference.note());
      }
      topics.awaitLeaders(specs.keySet());
      report.print(out(), json, "all topics are as configured");
    }
    return allDone ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
  }

  private boolean mayBeDone(TopicDifference difference) {
    return switch (difference.remedy()) {
      case CREATE, ADD_PARTITIONS, SET_CONFIG -> true;
      case SHORTEN -> shorten;
      case BY_HAND -> false;
    };
  }
}
