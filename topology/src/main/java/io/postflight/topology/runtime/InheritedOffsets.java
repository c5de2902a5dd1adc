package io.postflight.topology.runtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The offsets at which a new consumer group starts to read a topic: those of the group that read it
 * before. They are copied once, before the first member of the new group starts; a group that has
 * offsets of its own keeps them.
 *
 * <p>Nothing is copied while the former group has members: one may be an instance of an earlier
 * version, which still reads the topic. Instances that start at the same time copy the same
 * offsets, and none overwrites those of a member, since Kafka allows that for a group without
 * members only.
 */
public final class InheritedOffsets {
  private static final Logger log = LoggerFactory.getLogger(InheritedOffsets.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final Admin admin;
  private final String topic;
  private final Duration timeout;

  /**
   * @param admin closed by the caller
   * @param topic that the groups read
   * @param timeout of a request
   */
  public InheritedOffsets(Admin admin, String topic, Duration timeout) {
    this.admin = admin;
    this.topic = topic;
    this.timeout = timeout;
  }

  /**
   * Returns once a group may start to read the topic.
   *
   * @param from the group that read the topic before
   * @param to the group that is about to start
   */
  public void copy(String from, String to)
      throws ExecutionException, TimeoutException, InterruptedException {
    for (boolean warned = false; !copied(from, to); warned = true) {
      if (!warned) {
        log.warn(
            "Waiting until all instances of an earlier version have stopped: group '{}' has"
                + " members, and '{}' is to continue where it stopped reading {}",
            from,
            to,
            topic);
      }
      Thread.sleep(RETRY_INTERVAL.toMillis());
    }
  }

  private boolean copied(String from, String to)
      throws ExecutionException, TimeoutException, InterruptedException {
    if (!offsets(to).isEmpty()) {
      return true;
    }
    Map<TopicPartition, OffsetAndMetadata> former = offsets(from);
    if (former.isEmpty()) {
      return true;
    }
    if (hasMembers(from)) {
      return false;
    }
    try {
      get(admin.alterConsumerGroupOffsets(to, former).all());
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof UnknownMemberIdException
          || failed.getCause() instanceof GroupNotEmptyException) {
        // Another instance has copied them and started meanwhile.
        return false;
      }
      throw failed;
    }
    Map<Integer, Long> copied = new TreeMap<>();
    former.forEach((partition, offset) -> copied.put(partition.partition(), offset.offset()));
    log.info("Group '{}' continues where '{}' stopped reading {}: {}", to, from, topic, copied);
    return true;
  }

  /** Committed offsets; those of a transaction that is being committed are awaited. */
  private Map<TopicPartition, OffsetAndMetadata> offsets(String group)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        new HashMap<>(
            get(
                admin
                    .listConsumerGroupOffsets(
                        group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()));
    offsets.values().removeIf(Objects::isNull);
    offsets.keySet().removeIf(partition -> !partition.topic().equals(topic));
    return offsets;
  }

  private boolean hasMembers(String group)
      throws ExecutionException, TimeoutException, InterruptedException {
    return get(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
        .anyMatch(described -> !described.members().isEmpty());
  }

  private <T> T get(KafkaFuture<T> future)
      throws ExecutionException, TimeoutException, InterruptedException {
    return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
