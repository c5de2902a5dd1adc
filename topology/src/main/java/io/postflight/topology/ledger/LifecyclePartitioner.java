package io.postflight.topology.ledger;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.topic.RecordKeys;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Which partitions of {@code lifecycle.commands} a record goes to. Any partition may have lives of
 * a user, so his command goes to all, and each partition's acknowledgement of it to the one that
 * forwards it. A message's command goes where its events are, by the producer's own hash of the
 * same key: an answer of ours would only be a second opinion on that.
 */
public final class LifecyclePartitioner implements StreamPartitioner<String, LifecycleCommand> {
  // The only abstract method, although Kafka 4.4 announces its removal.
  @SuppressWarnings("removal")
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, LifecycleCommand value, int numPartitions) {
    Erasure command = value.getCommand();
    if (command.getMessageId() != null) {
      return Optional.empty();
    }
    return Optional.of(
        value.getAcknowledgedBy().isEmpty()
            ? IntStream.range(0, numPartitions).boxed().collect(Collectors.toUnmodifiableSet())
            : Set.of(forwardedBy(command, numPartitions)));
  }

  /**
   * The partition that forwards a user's command to the tiers: always the same for a user, so that
   * his commands are forwarded in their order.
   */
  public static int forwardedBy(Erasure command, int partitions) {
    String user = Objects.requireNonNull(command.getUserId(), "user_id");
    return Math.floorMod(RecordKeys.ofUser(command.getTenant(), user).hashCode(), partitions);
  }
}
