package io.postflight.operations.admin;

import java.util.Map;

/**
 * The actual state of a topic.
 *
 * @param name its name
 * @param partitions number of partitions
 * @param replicas replicas of each partition; the minimum, if partitions differ
 * @param leaderless partitions that have no leader now
 * @param underReplicated partitions with replicas that are not in sync
 * @param config effective configuration, including that of the broker
 */
public record TopicState(
    String name,
    int partitions,
    int replicas,
    int leaderless,
    int underReplicated,
    Map<String, String> config) {
  /** Copies the map. */
  public TopicState {
    config = Map.copyOf(config);
  }

  /** An effective configuration value; empty if Kafka does not report it. */
  public String config(String key) {
    return config.getOrDefault(key, "");
  }
}
