package io.postflight.replay.deadletter;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The deployment whose dead letters are meant.
 *
 * @param kafka settings for every client, {@code bootstrap.servers} at least
 * @param topics its topics
 * @param tiers those that have a topic
 * @param serdes for what stands in {@code events} and in the tiers' topics
 * @param patience how long Kafka may answer nothing before the work is given up
 */
public record Deployment(
    Map<String, String> kafka,
    Topics topics,
    Set<String> tiers,
    AvroSerdes serdes,
    Duration patience) {
  /** Copies. */
  public Deployment {
    kafka = Map.copyOf(kafka);
    tiers = Set.copyOf(tiers);
    if (patience.toMillis() < 1) {
      throw new IllegalArgumentException("patience is " + patience + "; allowed: 1 ms or more");
    }
  }
}
