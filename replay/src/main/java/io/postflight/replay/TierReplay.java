package io.postflight.replay;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a replay of one tier works on.
 *
 * @param tier the tier
 * @param topics its lanes: the first must be there, the others may
 * @param ledger topic of erasures
 * @param deadLetters topic of dead letters; need not be there
 * @param groupPrefix put before the consumer groups that keep the progress of restores
 * @param kafka settings for every client, {@code bootstrap.servers} at least
 * @param serdes of everything in Avro
 * @param maxRowBytes the sink makes a dead letter of a record with a larger row
 * @param timeout how long Kafka, the registry or the database may answer nothing before a job gives
 *     up
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
      throw new IllegalArgumentException("topics is empty; at least the tier's topic is needed");
    }
    if (kafka.getOrDefault(BOOTSTRAP, "").isBlank()) {
      throw new IllegalArgumentException(
          "kafka." + BOOTSTRAP + " is missing; host:port, several with commas");
    }
    if (maxRowBytes < 1) {
      throw new IllegalArgumentException(
          "maxRowBytes is " + maxRowBytes + "; allowed are numbers from 1");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout is " + timeout + "; allowed is 1 ms or more");
    }
  }
}
