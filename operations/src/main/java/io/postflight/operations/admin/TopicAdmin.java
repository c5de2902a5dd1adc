package io.postflight.operations.admin;

import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.schema.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares the topics of a deployment with its configuration, and applies it. Never deletes a topic
 * and never removes partitions. All methods throw an {@link OperationException} if Kafka is
 * unavailable or refuses.
 */
public final class TopicAdmin {
  private final OperationsSettings settings;

  /** Of a deployment. */
  public TopicAdmin(OperationsSettings settings) {
    this.settings = settings;
  }

  /**
   * The differences between the topics and their configuration.
   *
   * @param differences in the order of the catalogue
   */
  public record TopicsReport(List<TopicDifference> differences) {
    /** Copies the list. */
    public TopicsReport {
      differences = List.copyOf(differences);
    }

    /** Whether all topics are, or were made, as configured. */
    public boolean asConfigured() {
      return differences.stream().allMatch(TopicDifference::done);
    }
  }

  /** Compares, without changes. */
  public TopicsReport diff() {
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      return new TopicsReport(differences(new KafkaTopics(admin)));
    }
  }

  /**
   * Applies the configuration.
   *
   * @param shorten also applies shorter retentions, which delete older records
   */
  public TopicsReport apply(boolean shorten) {
    TopicFormatCheck.require(settings.kafka());
    Map<String, TopicCatalogue.Spec> specs =
        Provisioning.topics(settings).stream()
            .collect(Collectors.toMap(TopicCatalogue.Spec::name, Function.identity()));
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      KafkaTopics topics = new KafkaTopics(admin);
      List<TopicDifference> differences = new ArrayList<>();
      for (TopicDifference difference : differences(topics)) {
        boolean allowed =
            switch (difference.remedy()) {
              case CREATE, ADD_PARTITIONS, SET_CONFIG -> true;
              case SHORTEN -> shorten;
              case MANUAL -> false;
            };
        if (allowed) {
          topics.remedy(difference, specs);
        }
        differences.add(allowed ? difference.withDone() : difference);
      }
      topics.awaitLeaders(specs.keySet());
      TopicFormatCheck.requireAndRecord(settings.kafka());
      return new TopicsReport(differences);
    }
  }

  private List<TopicDifference> differences(KafkaTopics topics) {
    List<TopicCatalogue.Spec> wanted = Provisioning.topics(settings);
    return new TopicComparison(settings.kafka().topics())
        .differences(wanted, topics.read(wanted.stream().map(TopicCatalogue.Spec::name).toList()));
  }
}
