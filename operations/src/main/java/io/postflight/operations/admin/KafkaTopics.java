package io.postflight.operations.admin;

import io.postflight.operations.OperationException;
import io.postflight.schema.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Reads and changes topics. Nothing is ever deleted. */
public final class KafkaTopics {
  private static final long POLL_MILLIS = 50;
  private static final long TIMEOUT_MILLIS = 60_000;

  private final KafkaAdmin kafka;

  /** Uses a client, which is closed by the caller. */
  public KafkaTopics(KafkaAdmin kafka) {
    this.kafka = kafka;
  }

  /**
   * Those of the topics that exist, by name.
   *
   * @throws OperationException if Kafka is unavailable or refuses
   */
  public Map<String, TopicState> read(Collection<String> names) {
    Map<String, TopicDescription> described = describe(names);
    Map<ConfigResource, KafkaFuture<Config>> configs =
        kafka
            .client()
            .describeConfigs(described.keySet().stream().map(KafkaTopics::resource).toList())
            .values();
    Map<String, TopicState> states = new LinkedHashMap<>();
    described.forEach(
        (name, topic) -> {
          KafkaFuture<Config> answer = configs.get(resource(name));
          Config config = answer == null ? null : unlessMissing(answer);
          if (config != null) {
            states.put(name, state(topic, entries(config)));
          }
        });
    return states;
  }

  private Map<String, TopicDescription> describe(Collection<String> names) {
    Map<String, TopicDescription> described = new LinkedHashMap<>();
    Map<String, KafkaFuture<TopicDescription>> answers =
        kafka.client().describeTopics(names).topicNameValues();
    for (String name : names) {
      KafkaFuture<TopicDescription> answer = answers.get(name);
      if (answer != null) {
        TopicDescription topic = unlessMissing(answer);
        if (topic != null) {
          described.put(name, topic);
        }
      }
    }
    return described;
  }

  private <T> @Nullable T unlessMissing(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException failure) {
      if (ServerFaults.unwrap(failure) instanceof UnknownTopicOrPartitionException) {
        return null;
      }
      return kafka.get(answer);
    } catch (InterruptedException interrupted) {
      throw OperationException.interrupted();
    }
  }

  /**
   * Applies the remedy of a difference; returns once Kafka has accepted it.
   *
   * @param specs configurations of topics that are created
   * @throws OperationException if Kafka is unavailable or refuses
   */
  public void remedy(TopicDifference difference, Map<String, TopicCatalogue.Spec> specs) {
    switch (difference.remedy()) {
      case CREATE -> {
        TopicCatalogue.Spec spec = specs.get(difference.topic());
        if (spec != null) {
          create(List.of(spec));
        }
      }
      case ADD_PARTITIONS ->
          kafka.get(
              kafka
                  .client()
                  .createPartitions(
                      Map.of(
                          difference.topic(),
                          NewPartitions.increaseTo(Integer.parseInt(difference.wanted()))))
                  .all());
      case SET_CONFIG, SHORTEN ->
          kafka.get(
              kafka
                  .client()
                  .incrementalAlterConfigs(
                      Map.of(
                          resource(difference.topic()),
                          List.of(
                              new AlterConfigOp(
                                  new ConfigEntry(difference.key(), difference.wanted()),
                                  AlterConfigOp.OpType.SET))))
                  .all());
      case MANUAL -> throw new IllegalArgumentException(difference.line());
    }
  }

  /**
   * Creates topics that are missing, and returns once each partition has an available leader: an
   * idempotent producer that uses a partition before can lose its order.
   *
   * @throws OperationException if Kafka is unavailable or refuses, or a partition has no leader
   *     after a minute
   */
  public void create(Collection<TopicCatalogue.Spec> specs) {
    Admin admin = kafka.client();
    var results =
        admin.createTopics(specs.stream().map(TopicCatalogue.Spec::newTopic).toList()).values();
    for (var created : results.entrySet()) {
      try {
        created.getValue().get();
      } catch (ExecutionException failure) {
        if (!(ServerFaults.unwrap(failure) instanceof TopicExistsException)) {
          throw ServerFaults.of("topic " + created.getKey() + " was not created", failure);
        }
      } catch (InterruptedException interrupted) {
        throw OperationException.interrupted();
      }
    }
    awaitLeaders(specs.stream().map(TopicCatalogue.Spec::name).toList());
  }

  /**
   * Waits until each partition of the topics has an available leader.
   *
   * @throws OperationException if one has none after a minute
   */
  public void awaitLeaders(Collection<String> names) {
    long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000;
    Map<String, TopicDescription> topics = describe(names);
    while (topics.size() < names.size()
        || !topics.values().stream().allMatch(KafkaTopics::hasLeaders)) {
      if (System.nanoTime() > deadline) {
        throw OperationException.unreachable(
            "some partitions of " + names + " have no leader: check Kafka's brokers");
      }
      pause();
      topics = describe(names);
    }
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    topics
        .values()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition ->
                            ends.put(
                                new TopicPartition(topic.name(), partition.partition()),
                                OffsetSpec.latest())));
    // Only the leader answers this request; the client retries until it does.
    kafka.get(kafka.client().listOffsets(ends).all());
  }

  private static boolean hasLeaders(TopicDescription topic) {
    return topic.partitions().stream().allMatch(KafkaTopics::hasLeader);
  }

  private static boolean hasLeader(TopicPartitionInfo partition) {
    return partition.leader() != null && !partition.leader().isEmpty();
  }

  private static TopicState state(TopicDescription topic, Map<String, String> config) {
    List<TopicPartitionInfo> partitions = new ArrayList<>(topic.partitions());
    return new TopicState(
        topic.name(),
        partitions.size(),
        partitions.stream().mapToInt(each -> each.replicas().size()).min().orElse(0),
        (int) partitions.stream().filter(each -> !hasLeader(each)).count(),
        (int)
            partitions.stream().filter(each -> each.isr().size() < each.replicas().size()).count(),
        config);
  }

  private static Map<String, String> entries(Config config) {
    Map<String, String> entries = new HashMap<>();
    for (ConfigEntry entry : config.entries()) {
      if (entry.value() != null) {
        entries.put(entry.name(), entry.value());
      }
    }
    return entries;
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException interrupted) {
      throw OperationException.interrupted();
    }
  }
}
