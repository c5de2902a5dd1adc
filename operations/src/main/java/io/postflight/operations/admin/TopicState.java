package io.postflight.operations.admin;

import java.util.Map;

/**
 * How a topic is in Kafka.
 *
 * @param name its name
 * @param partitions how many it has
 * @param replicas copies of each partition; the fewest, if partitions differ
 * @param leaderless partitions that have no leader now
 * @param underReplicated partitions some copies of which are behind or away
 * @param config all settings in force, those of the broker included
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

  /** A setting in force; empty if Kafka does not tell. */
  public String config(String key) {
    return config.getOrDefault(key, "");
  }
}
