package io.postflight.topology.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.OpenClients;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real broker, where transaction markers have offsets too. */
class CaughtUpPollerTest {
  private final String name = SharedServers.uniqueName("caught");
  private final Topics topics = new Topics(name + ".");
  private final String raw = topics.rawWebhooks();
  private final String events = topics.events();

  /** Three records that count, then two of an aborted transaction. */
  @BeforeEach
  void fill() {
    SharedServers.kafka()
        .createTopics(new NewTopic(raw, 2, (short) 1), new NewTopic(events, 2, (short) 1));
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", SharedServers.kafka().bootstrapServers());
    config.put("transactional.id", name);
    config.put("max.in.flight.requests.per.connection", 1);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, 3);
      producer.commitTransaction();
      producer.beginTransaction();
      send(producer, 2);
      producer.flush();
      producer.abortTransaction();
    }
  }

  @Test
  void an_offset_below_markers_and_aborted_records_is_caught_up() throws Exception {
    commit(3);
    long before = System.currentTimeMillis();

    try (CaughtUpPoller poller = poller()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(poller.asOf()).isGreaterThanOrEqualTo(before));
    }
  }

  @Test
  void an_offset_below_a_record_is_a_backlog() throws Exception {
    commit(2);

    try (CaughtUpPoller poller = poller()) {
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(10))
          .until(() -> poller.asOf() == CaughtUp.NEVER);

      commit(3);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(poller.asOf()).isGreaterThan(0));
    }
  }

  @Test
  void a_group_that_has_committed_nothing_is_behind_where_there_are_records() throws Exception {
    try (CaughtUpPoller poller = poller()) {
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(10))
          .until(() -> poller.asOf() == CaughtUp.NEVER);
    }
  }

  @Test
  void a_poller_that_cannot_start_leaves_no_consumer_open() {
    Map<String, Object> client =
        OpenClients.counted(Map.of("bootstrap.servers", "127.0.0.1:9"), name);
    // Refused by an admin client, beside the servers, and unknown to consumers.
    client.put("bootstrap.controllers", "127.0.0.1:9");

    assertThatThrownBy(() -> poller(client)).isInstanceOf(KafkaException.class);

    assertThat(OpenClients.created(name)).isPositive();
    assertThat(OpenClients.open(name)).isZero();
  }

  private CaughtUpPoller poller() {
    return poller(Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers()));
  }

  private CaughtUpPoller poller(Map<String, Object> client) {
    return CaughtUpPoller.start(
        new CaughtUpPoller.PollerSettings(
            client,
            new CaughtUpPoller.FollowedTopic(raw, name + "-normalize"),
            new CaughtUpPoller.FollowedTopic(events, name),
            Duration.ofMillis(200)),
        System::currentTimeMillis);
  }

  private void commit(long offset) throws ExecutionException, InterruptedException {
    SharedServers.kafka()
        .admin()
        .alterConsumerGroupOffsets(
            name, Map.of(new TopicPartition(events, 0), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int records) {
    for (int i = 0; i < records; i++) {
      var unused = producer.send(new ProducerRecord<>(events, 0, null, new byte[] {1}));
    }
  }
}
