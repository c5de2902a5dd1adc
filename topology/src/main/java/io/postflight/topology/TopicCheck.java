package io.postflight.topology;

import io.postflight.schema.topic.KafkaFault;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for Kafka and sees to it that all topics are there. */
final class TopicCheck {
  private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private TopicCheck() {}

  /**
   * Returns once Kafka answers and all topics exist.
   *
   * @return how many partitions {@code events} has
   * @throws TopologyStartException if topics are missing, or Kafka refuses
   * @throws InterruptedException if the wait is given up
   */
  static int await(TopologySettings settings) throws InterruptedException {
    String servers = settings.kafka().getOrDefault("bootstrap.servers", "");
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(settings.kafka()))) {
      for (boolean told = false; ; told = true) {
        try {
          int partitions = check(settings, admin);
          if (told) {
            log.info("Kafka at {} answers", servers);
          }
          return partitions;
        } catch (ExecutionException | TimeoutException away) {
          Throwable cause = away.getCause() == null ? away : away.getCause();
          if (KafkaFault.of(cause) != KafkaFault.UNAVAILABLE) {
            throw new TopologyStartException(
                "Kafka at " + servers + " refuses: " + cause.getMessage());
          }
          if (!told) {
            log.warn("Kafka at {} is away ({}); waiting for it", servers, cause.toString());
          }
          Thread.sleep(AGAIN.toMillis());
        }
      }
    }
  }

  private static int check(TopologySettings settings, Admin admin)
      throws ExecutionException, TimeoutException, InterruptedException {
    Set<String> missing = new TreeSet<>();
    Map<String, Integer> partitions = new HashMap<>();
    Map<String, KafkaFuture<TopicDescription>> described =
        admin.describeTopics(settings.neededTopics()).topicNameValues();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : described.entrySet()) {
      try {
        TopicDescription found = topic.getValue().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        log.debug("Topic {} has {} partitions", found.name(), found.partitions().size());
        partitions.put(found.name(), found.partitions().size());
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw failed;
        }
        missing.add(topic.getKey());
      }
    }
    if (!missing.isEmpty()) {
      throw new TopologyStartException(
          "topics are missing: "
              + String.join(", ", missing)
              + "; create them with 'postflight topics apply'");
    }
    return checkPartitions(settings.topics(), partitions);
  }

  /** A message's commands must come to the task that has its life. */
  private static int checkPartitions(Topics topics, Map<String, Integer> partitions) {
    Integer events = partitions.get(topics.events());
    Integer commands = partitions.get(topics.lifeCommands());
    if (events == null || !events.equals(commands)) {
      throw new TopologyStartException(
          "topic "
              + topics.lifeCommands()
              + " has "
              + commands
              + " partitions and "
              + topics.events()
              + " has "
              + events
              + "; both must have as many, and that of "
              + topics.events()
              + " is fixed");
    }
    return events;
  }
}
