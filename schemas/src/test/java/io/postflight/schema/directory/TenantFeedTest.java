package io.postflight.schema.directory;

import static io.postflight.schema.directory.Tenants.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.TopicFollower;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The feed over Kafka's {@code MockConsumer}; devstack tests it over a real broker. */
class TenantFeedTest {
  private static final String TOPIC = "tenants";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final Serde<Tenant> serde = AvroSerdes.mock("feed").value(Tenant.class);

  @AutoClose
  private final TenantFeed feed =
      new TenantFeed(
          TopicFollower.of(consumer, TOPIC), TOPIC, TenantRules.withTiers(Set.of("30d")), serde);

  private long offset;

  @BeforeEach
  void one_partition() {
    partitions(1);
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 0L));
  }

  @Test
  void an_empty_topic_is_version_zero() {
    feed.awaitLoaded();

    assertThat(feed.current().version()).isZero();
    assertThat(feed.current().size()).isZero();
  }

  @Test
  void existing_records_are_read_before_start_returns() {
    consumer.updateEndOffsets(Map.of(PARTITION, 3L));
    consumer.schedulePollTask(() -> add("acme", tenant("acme")));
    consumer.schedulePollTask(
        () -> {
          add("globex", tenant("globex"));
          add("acme", null);
        });

    feed.awaitLoaded();

    assertThat(feed.current().all()).extracting(Tenant::getId).containsExactly("globex");
    assertThat(feed.current().version()).isEqualTo(3);
  }

  @Test
  void later_records_are_followed() {
    feed.awaitLoaded();

    later("acme", tenant("acme"));

    assertThat(feed.awaitVersion(1, SOON)).isTrue();
    assertThat(feed.current().find("acme")).contains(tenant("acme"));

    later("acme", null);

    assertThat(feed.awaitVersion(2, SOON)).isTrue();
    assertThat(feed.current().find("acme")).isEmpty();
  }

  @Test
  void after_a_rejected_record_the_last_valid_one_is_kept() {
    feed.awaitLoaded();
    later("acme", tenant("acme"));
    later("acme", tenant("acme", List.of(new TierPeriod("unheard-of", 0L)), List.of()));
    later("acme", tenant("somebody-else"));
    schedule("acme", "not avro".getBytes(StandardCharsets.UTF_8));
    later("globex", tenant("globex"));

    assertThat(feed.awaitVersion(5, SOON)).isTrue();

    assertThat(feed.current().find("acme")).contains(tenant("acme"));
    assertThat(feed.current().find("globex")).isPresent();
    assertThat(feed.current().size()).isEqualTo(2);
  }

  @Test
  void following_resumes_after_a_fault_of_kafka() {
    feed.awaitLoaded();
    later("acme", tenant("acme"));
    assertThat(feed.awaitVersion(1, SOON)).isTrue();
    consumer.schedulePollTask(() -> consumer.setPollException(new KafkaException("scripted")));

    later("globex", tenant("globex"));

    assertThat(feed.awaitVersion(2, SOON)).isTrue();
    assertThat(feed.current().size()).isEqualTo(2);
  }

  @Test
  void tenants_of_a_topic_that_was_recreated_replace_all_former_ones() {
    feed.awaitLoaded();
    later("acme", tenant("acme"));
    later("globex", tenant("globex"));
    assertThat(feed.awaitVersion(2, SOON)).isTrue();

    offset = 0;
    consumer.schedulePollTask(
        () -> {
          consumer.updateEndOffsets(Map.of(PARTITION, 1L));
          consumer.seek(PARTITION, 0);
        });
    later("initech", tenant("initech"));

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(feed.current().all())
                    .extracting(Tenant::getId)
                    .containsExactly("initech"));
    assertThat(feed.current().version()).isEqualTo(1);
  }

  @Test
  void a_version_of_a_topic_that_was_recreated_since_is_not_awaited() {
    feed.awaitLoaded();
    later("acme", tenant("acme"));

    assertThat(feed.awaitVersion(7_000, SOON)).isTrue();

    assertThat(feed.current().version()).isEqualTo(1);
  }

  @Test
  void more_than_one_partition_is_refused() {
    partitions(3);

    assertThatThrownBy(feed::awaitLoaded)
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("3 partitions");
  }

  private void partitions(int count) {
    Node node = new Node(0, "localhost", 9092);
    Node[] nodes = {node};
    consumer.updatePartitions(
        TOPIC,
        IntStream.range(0, count)
            .mapToObj(p -> new PartitionInfo(TOPIC, p, node, nodes, nodes))
            .toList());
  }

  private void later(String key, @Nullable Tenant tenant) {
    schedule(key, serde.serializer().serialize(TOPIC, tenant));
  }

  private void schedule(String key, byte @Nullable [] value) {
    ConsumerRecord<byte[], byte[]> record = record(key, value);
    consumer.updateEndOffsets(Map.of(PARTITION, offset));
    consumer.schedulePollTask(() -> consumer.addRecord(record));
  }

  private void add(String key, @Nullable Tenant tenant) {
    consumer.addRecord(record(key, serde.serializer().serialize(TOPIC, tenant)));
  }

  private ConsumerRecord<byte[], byte[]> record(String key, byte @Nullable [] value) {
    return new ConsumerRecord<>(TOPIC, 0, offset++, key.getBytes(StandardCharsets.UTF_8), value);
  }
}
