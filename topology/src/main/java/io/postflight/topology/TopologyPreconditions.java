package io.postflight.topology;

import io.postflight.schema.topic.KafkaFault;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.runtime.InheritedOffsets;
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

/**
 * Waits for Kafka, checks that all topics exist, and lets the normalizer's group continue where the
 * lifecycle's stopped if both were one application before.
 */
final class TopologyPreconditions {
  private static final Logger log = LoggerFactory.getLogger(TopologyPreconditions.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final String MAX_TRANSACTION = "transaction.max.timeout.ms";
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

  private TopologyPreconditions() {}

  /**
   * Returns once Kafka is available, after checking its topics and settings.
   *
   * @return the number of partitions of {@code events}
   * @throws TopologyStartException if topics are missing, or Kafka rejects the requests
   * @throws InterruptedException if interrupted while waiting
   */
  static int await(TopologySettings settings, Duration transactionTimeout)
      throws InterruptedException {
    String servers = settings.kafka().getOrDefault("bootstrap.servers", "");
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(settings.kafka()))) {
      for (boolean warned = false; ; warned = true) {
        try {
          int partitions = check(settings, admin);
          checkTransactionTimeout(admin, transactionTimeout);
          new InheritedOffsets(admin, settings.topics().rawWebhooks(), REQUEST_TIMEOUT)
              .copy(settings.lifecycleId(), settings.normalizerId());
          if (warned) {
            log.info("Kafka at {} is available again", servers);
          }
          return partitions;
        } catch (ExecutionException | TimeoutException failed) {
          Throwable cause = failed.getCause() == null ? failed : failed.getCause();
          if (KafkaFault.of(cause) != KafkaFault.UNAVAILABLE) {
            throw new TopologyStartException(
                "Kafka at " + servers + " rejects the request: " + cause.getMessage());
          }
          if (!warned) {
            log.warn("Kafka at {} is unavailable ({}); waiting for it", servers, cause.toString());
          }
          Thread.sleep(RETRY_INTERVAL.toMillis());
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
        TopicDescription found =
            topic.getValue().get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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

  /** Brokers reject producers with a longer transaction timeout than they allow. */
  private static void checkTransactionTimeout(Admin admin, Duration required)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      int broker =
          admin
              .describeCluster()
              .nodes()
              .get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .iterator()
              .next()
              .id();
      ConfigResource resource =
          new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker));
      for (Config config :
          admin
              .describeConfigs(Set.of(resource))
              .all()
              .get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .values()) {
        ConfigEntry most = config.get(MAX_TRANSACTION);
        if (most != null && Long.parseLong(most.value()) < required.toMillis()) {
          throw new TopologyStartException(
              "the transaction timeout is "
                  + required.toMillis()
                  + " ms (topology.tenantTimeout and the timeouts of the schema registry), but"
                  + " brokers allow "
                  + most.value()
                  + " ms: reduce topology.tenantTimeout or increase "
                  + MAX_TRANSACTION);
        }
      }
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof AuthorizationException)) {
        throw failed;
      }
      log.debug("Not authorized to read the settings of the brokers", failed);
    }
  }

  /** The commands of a message must be read by the task that has its state. */
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
              + "; both must have the same number, and that of "
              + topics.events()
              + " is fixed");
    }
    return events;
  }
}
