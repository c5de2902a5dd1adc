package io.postflight.replay.deadletter;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Where the dead letters of a deployment are.
 *
 * @param kafka settings for every client, {@code bootstrap.servers} at least
 * @param topics its topics
 * @param tiers tiers that have a topic
 * @param serdes for {@code events} and the tiers' topics
 * @param timeout maximum time without a response from Kafka
 */
public record DeadLetterContext(
    Map<String, String> kafka,
    Topics topics,
    Set<String> tiers,
    AvroSerdes serdes,
    Duration timeout) {
  /** Validates. */
  public DeadLetterContext {
    kafka = Map.copyOf(kafka);
    tiers = Set.copyOf(tiers);
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout is " + timeout + "; allowed: 1 ms or more");
    }
  }
}
