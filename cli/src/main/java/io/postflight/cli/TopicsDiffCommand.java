package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.KafkaTopics;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.TopicComparison;
import io.postflight.operations.admin.TopicDifference;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.settings.DeploymentSettings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows in what topics differ from the configured ones. */
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
final class TopicsDiffCommand extends ServerCommand {
  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  TopicsDiffCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      List<TopicDifference> differences = differences(settings, new KafkaTopics(admin));
      TopicReport report = new TopicReport();
      differences.forEach(difference -> report.add(difference, false, difference.note()));
      report.print(out(), json, "all topics are as configured");
      return differences.isEmpty() ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
    }
  }

  static List<TopicDifference> differences(DeploymentSettings settings, KafkaTopics topics) {
    List<TopicCatalogue.Spec> wanted = Provisioning.topics(settings.operations());
    return new TopicComparison(settings.kafka().topics())
        .differences(wanted, topics.read(wanted.stream().map(TopicCatalogue.Spec::name).toList()));
  }
}
