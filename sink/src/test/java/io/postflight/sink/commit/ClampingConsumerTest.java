package io.postflight.sink.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClampingConsumerTest {
  private static final TopicPartition P0 = new TopicPartition("store.30d", 0);
  private static final TopicPartition P1 = new TopicPartition("store.30d", 1);

  private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("earliest");
  private final PartitionOffsets partitionOffsets =
      new PartitionOffsets(Thread::currentThread, TaskGeneration.Limits.ofBytes(100));
  private final ClampingConsumer consumer =
      new ClampingConsumer(
          kafka, partitionOffsets, () -> {}, new ConsumerLag(partitionOffsets), () -> 0);

  @BeforeEach
  void assign() {
    kafka.assign(List.of(P0, P1));
    kafka.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
    kafka.seek(P0, 20);
    kafka.seek(P1, 20);
  }

  @Test
  void a_commit_is_held_back_and_keeps_epoch_and_metadata() {
    track(P0, 10);
    OffsetAndMetadata wish = new OffsetAndMetadata(15, Optional.of(3), "partition time");

    consumer.commitSync(Map.of(P0, wish));

    assertThat(committed(P0))
        .isEqualTo(new OffsetAndMetadata(10, Optional.of(3), "partition time"));
  }

  @Test
  void with_nothing_outstanding_the_commit_passes() {
    acknowledge(P0, track(P0, 10));

    consumer.commitSync(Map.of(P0, new OffsetAndMetadata(12)), Duration.ofSeconds(1));

    assertThat(committed(P0)).isEqualTo(new OffsetAndMetadata(12));
  }

  @Test
  void a_partition_that_has_seen_no_record_is_left_out() {
    acknowledge(P0, track(P0, 10));
    partitionOffsets.of(P1).open(Thread.currentThread());

    consumer.commitSync(Map.of(P0, new OffsetAndMetadata(11), P1, new OffsetAndMetadata(99)));

    assertThat(kafka.committed(Set.of(P0, P1))).containsOnlyKeys(P0);
  }

  @Test
  void the_requested_offsets_are_not_modified() {
    track(P0, 10);
    Map<TopicPartition, OffsetAndMetadata> wishes =
        new HashMap<>(Map.of(P0, new OffsetAndMetadata(15)));

    consumer.commitSync(wishes);

    assertThat(wishes).containsExactly(Map.entry(P0, new OffsetAndMetadata(15)));
  }

  @Test
  void a_commit_of_positions_is_held_back_too() {
    track(P0, 10);
    track(P1, 11);

    consumer.commitSync();
    assertThat(committed(P0)).isEqualTo(new OffsetAndMetadata(10));

    consumer.commitSync(Duration.ofSeconds(1));
    assertThat(committed(P1)).isEqualTo(new OffsetAndMetadata(11));
  }

  @Test
  void an_asynchronous_commit_is_rejected() {
    assertThatThrownBy(consumer::commitAsync).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> consumer.commitAsync(null))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> consumer.commitAsync(Map.of(), null))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void every_commit_method_is_overridden() throws NoSuchMethodException {
    for (Method method : Consumer.class.getMethods()) {
      if (method.getName().startsWith("commit") && !method.getName().equals("committed")) {
        assertThat(
                ClampingConsumer.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass())
            .as(method.toString())
            .isEqualTo(ClampingConsumer.class);
      }
    }
  }

  @Test
  void all_other_methods_are_delegated() throws NoSuchMethodException {
    for (Method method : Consumer.class.getMethods()) {
      assertThat(
              Arrays.asList(ClampingConsumer.class, ForwardingConsumer.class)
                  .contains(
                      ClampingConsumer.class
                          .getMethod(method.getName(), method.getParameterTypes())
                          .getDeclaringClass()))
          .as(method.toString())
          .isTrue();
    }
  }

  private long track(TopicPartition partition, long offset) {
    OffsetTracker tracker = partitionOffsets.of(partition);
    return tracker.track(tracker.open(Thread.currentThread()), offset, 0);
  }

  private void acknowledge(TopicPartition partition, long ticket) {
    assertThat(partitionOffsets.of(partition).acknowledge(ticket)).isTrue();
  }

  private @Nullable OffsetAndMetadata committed(TopicPartition partition) {
    return kafka.committed(Set.of(partition)).get(partition);
  }
}
