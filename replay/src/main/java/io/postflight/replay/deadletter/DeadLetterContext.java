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
 * @param timeout how long Kafka may answer nothing before the work is given up
 */
public record DeadLetterContext(
    Map<String, String> kafka,
    Topics topics,
    Set<String> tiers,
    AvroSerdes serdes,
    Duration timeout) {
  /** Copies. */
  public DeadLetterContext {
    kafka = Map.copyOf(kafka);
    tiers = Set.copyOf(tiers);
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout is " + timeout + "; allowed: 1 ms or more");
    }
  }
}
