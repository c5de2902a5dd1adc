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
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for Kafka and sees to it that all topics are there. */
final class TopologyPreconditions {
  private static final Logger log = LoggerFactory.getLogger(TopologyPreconditions.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final String MAX_TRANSACTION = "transaction.max.timeout.ms";
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private TopologyPreconditions() {}

  /**
   * Returns once Kafka answers and all topics exist.
   *
   * @return how many partitions {@code events} has
   * @throws TopologyStartException if topics are missing, or Kafka refuses
   * @throws InterruptedException if the wait is given up
   */
  static int await(TopologySettings settings, Duration transactionTimeout)
      throws InterruptedException {
    String servers = settings.kafka().getOrDefault("bootstrap.servers", "");
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(settings.kafka()))) {
      for (boolean told = false; ; told = true) {
        try {
          int partitions = check(settings, admin);
          checkTransactionTimeout(admin, transactionTimeout);
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

  /** Brokers refuse transactions that may stay open for longer than they allow. */
  private static void checkTransactionTimeout(Admin admin, Duration wanted)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      int broker =
          admin
              .describeCluster()
              .nodes()
              .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
              .iterator()
              .next()
              .id();
      ConfigResource resource =
          new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker));
      for (Config config :
          admin
              .describeConfigs(Set.of(resource))
              .all()
              .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
              .values()) {
        ConfigEntry most = config.get(MAX_TRANSACTION);
        if (most != null && Long.parseLong(most.value()) < wanted.toMillis()) {
          throw new TopologyStartException(
              "transactions may have to stay open for "
                  + wanted.toMillis()
                  + " ms (topology.tenantTimeout and the waits for the schema registry), and"
                  + " brokers allow "
                  + most.value()
                  + " ms: shorten the first or raise "
                  + MAX_TRANSACTION);
        }
      }
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof AuthorizationException)) {
        throw failed;
      }
      log.debug("Settings of brokers may not be read", failed);
    }
  }

  /** A message's commands must come to the task that has its life. */
  private static int checkPartitions(Topics topics, Map<String, Integer> partitions) {
    Integer events = partitions.get(topics.events());
    Integer commands = partitions.get(topics.lifecycleCommands());
    if (events == null || !events.equals(commands)) {
      throw new TopologyStartException(
          "topic "
              + topics.lifecycleCommands()
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
