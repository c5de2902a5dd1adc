package io.postflight.replay;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The tier, topics and clients of a replay.
 *
 * @param tier the tier
 * @param topics its lanes: the first must exist, the others may
 * @param ledger topic of erasures
 * @param deadLetters topic of dead letters; may be missing
 * @param groupPrefix prefix of the consumer groups with the progress of restores
 * @param kafka settings for every client, {@code bootstrap.servers} at least
 * @param serdes for Avro records
 * @param maxRowBytes records with larger rows are dead-lettered by the sink
 * @param timeout maximum time without a response from Kafka, the registry or the database
 */
public record TierReplay(
    Tier tier,
    List<String> topics,
    String ledger,
    String deadLetters,
    String groupPrefix,
    Map<String, String> kafka,
    AvroSerdes serdes,
    int maxRowBytes,
    Duration timeout) {
  private static final String BOOTSTRAP = "bootstrap.servers";

  /** Validates. */
  public TierReplay {
    topics = List.copyOf(topics);
    kafka = Map.copyOf(kafka);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("topics is empty; at least the tier's topic is required");
    }
    if (kafka.getOrDefault(BOOTSTRAP, "").isBlank()) {
      throw new IllegalArgumentException(
          "kafka." + BOOTSTRAP + " is missing; allowed: host:port, several separated by commas");
    }
    if (maxRowBytes < 1) {
      throw new IllegalArgumentException("maxRowBytes is " + maxRowBytes + "; allowed: 1 or more");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout is " + timeout + "; allowed: 1 ms or more");
    }
  }
}
