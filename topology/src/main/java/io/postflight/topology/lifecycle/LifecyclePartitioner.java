package io.postflight.topology.lifecycle;

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
 * Partitioner of {@code lifecycle.commands}. Any partition may hold messages of a user, so a user's
 * command is sent to all partitions, and each partition's acknowledgement to the one that forwards
 * the command. A message's command is sent to the partition of its events, by the producer's
 * default partitioner, which hashes the same key.
 */
public final class LifecyclePartitioner implements StreamPartitioner<String, LifecycleCommand> {
  // The only abstract method, although it is deprecated for removal in Kafka 4.4.
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
   * The partition that forwards a user's command to the tiers: the same for all commands of a user,
   * so that they are forwarded in order.
   */
  public static int forwardedBy(Erasure command, int partitions) {
    String user = Objects.requireNonNull(command.getUserId(), "user_id");
    return Math.floorMod(RecordKeys.ofUser(command.getTenant(), user).hashCode(), partitions);
  }
}
