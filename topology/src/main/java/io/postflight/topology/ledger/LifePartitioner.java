package io.postflight.topology.ledger;

import io.postflight.schema.erasure.Erasure;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Which partitions of {@code life.commands} a command goes to. Any partition may have lives of a
 * user, so his command goes to all. A message's goes where its events are, by the producer's own
 * hash of the same key: an answer of ours would only be a second opinion on that.
 */
public final class LifePartitioner implements StreamPartitioner<String, Erasure> {
  // The only abstract method, although Kafka 4.4 announces its removal.
  @SuppressWarnings("removal")
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, Erasure command, int numPartitions) {
    return command.getMessageId() == null
        ? Optional.of(
            IntStream.range(0, numPartitions).boxed().collect(Collectors.toUnmodifiableSet()))
        : Optional.empty();
  }
}
