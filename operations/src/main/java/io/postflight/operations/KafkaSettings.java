package io.postflight.operations;

import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The Kafka cluster.
 *
 * @param bootstrap addresses, separated by commas
 * @param topicPrefix put before every topic's name
 * @param sizes partitions, copies and retention of the topics that we create
 * @param backupDistance the interval between two backups of a tier's cluster: what a restore from
 *     Kafka has to cover
 * @param client settings for every client, unchanged
 */
public record KafkaSettings(
    String bootstrap,
    String topicPrefix,
    TopicCatalogue.Sizes sizes,
    Duration backupDistance,
    Map<String, String> client) {
  /** Copies the map. */
  public KafkaSettings {
    client = Map.copyOf(client);
  }

  /** Names of the topics. */
  public Topics topics() {
    return new Topics(topicPrefix);
  }

  /** What every client is given. */
  public Map<String, String> clientProperties() {
    Map<String, String> properties = new HashMap<>(client);
    properties.put("bootstrap.servers", bootstrap);
    return properties;
  }

  /** The same topics on another cluster, without settings for clients. */
  public KafkaSettings at(String address) {
    return new KafkaSettings(address, topicPrefix, sizes, backupDistance, Map.of());
  }
}
