package io.postflight.topology.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real broker: which offsets the consumer group of the normalizer starts at. */
class InheritedOffsetsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final String name = SharedServers.uniqueName("inherited");
  private final String raw = name + ".raw";
  private final String other = name + ".other";
  private final String from = name;
  private final String to = name + "-normalize";
  @AutoClose private final Admin admin = SharedServers.kafka().admin();

  @BeforeEach
  void topics() {
    SharedServers.kafka()
        .createTopics(new NewTopic(raw, 3, (short) 1), new NewTopic(other, 3, (short) 1));
  }

  @Test
  void a_group_without_offsets_starts_at_those_of_the_former_one_of_the_topic() throws Exception {
    commit(from, raw, 0, 7);
    commit(from, raw, 2, 9);
    commit(from, other, 1, 5);

    copy();

    assertThat(committed(to)).isEqualTo(Map.of(partition(0), 7L, partition(2), 9L));
    assertThat(committed(from)).hasSize(3);
  }

  @Test
  void a_group_with_offsets_of_its_own_keeps_them() throws Exception {
    commit(from, raw, 0, 7);
    commit(to, raw, 0, 90);
    commit(from, raw, 1, 8);

    copy();

    assertThat(committed(to)).isEqualTo(Map.of(partition(0), 90L));
  }

  @Test
  void a_new_deployment_starts_at_the_beginning() throws Exception {
    copy();

    assertThat(committed(to)).isEmpty();
  }

  @Test
  void nothing_is_copied_before_all_instances_of_an_earlier_version_have_stopped()
      throws Exception {
    commit(from, raw, 0, 7);
    CompletableFuture<Void> copied;
    try (KafkaConsumer<byte[], byte[]> member = member(from)) {
      copied = copying();
      await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> committed(to).isEmpty());
      assertThat(copied).isNotDone();
      member.commitSync(Map.of(partition(0), new OffsetAndMetadata(8)));
    }
    copied.get();

    assertThat(committed(to)).isEqualTo(Map.of(partition(0), 8L));
  }

  @Test
  void instances_that_start_at_the_same_time_copy_the_same_and_overwrite_no_progress()
      throws Exception {
    commit(from, raw, 0, 7);
    List<CompletableFuture<Void>> starting =
        IntStream.range(0, 4).mapToObj(i -> copying()).toList();
    for (CompletableFuture<Void> each : starting) {
      each.get();
    }
    assertThat(committed(to)).isEqualTo(Map.of(partition(0), 7L));

    // One of them starts before another copies, and commits.
    admin.deleteConsumerGroupOffsets(to, Set.of(partition(0))).all().get();
    try (KafkaConsumer<byte[], byte[]> member = member(to)) {
      CompletableFuture<Void> late = copying();
      await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> committed(to).isEmpty());
      member.commitSync(Map.of(partition(0), new OffsetAndMetadata(500)));
      late.get();
    }
    assertThat(committed(to)).containsEntry(partition(0), 500L);
  }

  private CompletableFuture<Void> copying() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            copy();
          } catch (Exception failed) {
            throw new IllegalStateException(failed);
          }
        });
  }

  private void copy() throws Exception {
    new InheritedOffsets(admin, raw, SOON).copy(from, to);
  }

  /** A member of a group that has its partitions assigned. */
  private KafkaConsumer<byte[], byte[]> member(String group) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                SharedServers.kafka().bootstrapServers(),
                "group.id",
                group,
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(raw));
    await()
        .atMost(SOON)
        .until(
            () -> {
              consumer.poll(Duration.ofMillis(100));
              return !consumer.assignment().isEmpty();
            });
    return consumer;
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(raw, number);
  }

  private void commit(String group, String topic, int partition, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private Map<TopicPartition, Long> committed(String group) throws Exception {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                offsets.put(partition, offset.offset());
              }
            });
    return offsets;
  }
}
