package io.postflight.api.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.api.gateway.KafkaSender;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ledger on a real broker. */
final class KafkaCommandLogTest {
  private static final long DAY = 86_400_000;
  private final Random random = new Random(42);
  private final Topics topics = new Topics(SharedServers.uniqueName("ledger") + '.');
  private final Map<String, Object> kafka =
      Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers());
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(KafkaSender.producerConfig(kafka));
  private final KafkaCommandLog ledger = ledger(kafka, producer);

  @AfterEach
  void stop() {
    ledger.close();
    producer.close(Duration.ZERO);
  }

  @Test
  void a_follower_receives_existing_and_new_records_in_order() {
    createTopic();
    Erasure first = command(System.currentTimeMillis());
    Erasure second = command(System.currentTimeMillis());
    ledger.append(first).join();
    List<Erasure> seen = new CopyOnWriteArrayList<>();
    try (KafkaCommandLog other = ledger(kafka, producer)) {
      other.follow(seen::add).join();
      assertThat(seen).containsExactly(first);

      ledger.append(second).join();
      ledger.append(notice(first)).join();

      Awaitility.await().untilAsserted(() -> assertThat(seen).hasSize(3));
      assertThat(seen).containsExactly(first, second, notice(first));
    }
  }

  @Test
  void following_starts_in_the_past_and_older_ids_are_found_by_search() {
    createTopic();
    Erasure old = command(System.currentTimeMillis() - 40 * DAY);
    Erasure unfinished = command(System.currentTimeMillis() - 39 * DAY);
    Erasure recent = command(System.currentTimeMillis());
    write(old);
    write(unfinished);
    write(notice(old));
    write(recent);
    List<Erasure> seen = new CopyOnWriteArrayList<>();

    ledger.follow(seen::add).join();

    assertThat(seen).containsExactly(recent);
    assertThat(ledger.find(old.getId()).join()).containsExactly(old, notice(old));
    assertThat(ledger.find(unfinished.getId()).join()).containsExactly(unfinished);
    assertThat(ledger.find(recent.getId()).join()).containsExactly(recent);
    assertThat(ledger.find(command(old.getAt()).getId()).join()).isEmpty();
    assertThat(ledger.find(command(recent.getAt() + 2 * DAY).getId()).join()).isEmpty();
  }

  @Test
  void a_users_command_is_found_with_its_notices_and_what_extends_it() {
    createTopic();
    Erasure root = command(System.currentTimeMillis() - 40 * DAY);
    Erasure derived =
        Erasure.newBuilder(root)
            .setId(ErasureIds.derived(root, "u-2", null))
            .setUserId("u-2")
            .setRoot(root.getId())
            .build();
    Erasure extension = Erasure.newBuilder(root).setDerived(List.of(derived.getId())).build();
    Erasure other = command(root.getAt());
    for (Erasure each :
        List.of(root, other, notice(root), extension, derived, notice(derived), notice(other))) {
      write(each);
    }

    assertThat(ledger.find(root.getId()).join())
        .containsExactly(root, notice(root), extension, derived, notice(derived));
    assertThat(ledger.find(derived.getId()).join()).containsExactly(derived, notice(derived));
  }

  @Test
  void an_empty_ledger_is_loaded_at_once_and_a_missing_one_when_it_is_created() {
    List<Erasure> seen = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> loaded = ledger.follow(seen::add);
    assertThat(loaded).isNotDone();
    createTopic();

    Awaitility.await().atMost(Duration.ofSeconds(20)).until(loaded::isDone);

    Erasure command = command(System.currentTimeMillis());
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> ledger.append(command).thenApply(done -> true).join());
    Awaitility.await().untilAsserted(() -> assertThat(seen).contains(command));
  }

  @Test
  void an_undecodable_record_does_not_stop_the_others() {
    createTopic();
    write(
        new ProducerRecord<>(
            topics.erasures(), "x".getBytes(StandardCharsets.UTF_8), new byte[] {7, 7}));
    Erasure command = command(System.currentTimeMillis());
    ledger.append(command).join();
    List<Erasure> seen = new CopyOnWriteArrayList<>();

    ledger.follow(seen::add).join();

    assertThat(seen).containsExactly(command);
  }

  @Test
  void an_append_times_out_while_the_broker_is_unavailable() throws IOException {
    int unusedPort;
    try (ServerSocket free = new ServerSocket(0)) {
      unusedPort = free.getLocalPort();
    }
    Map<String, Object> unavailable = Map.of("bootstrap.servers", "127.0.0.1:" + unusedPort);
    long start = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(KafkaSender.producerConfig(unavailable));
        KafkaCommandLog there = ledger(unavailable, producer)) {
      CompletableFuture<Void> append = there.append(command(System.currentTimeMillis()));

      assertThatThrownBy(append::join).isNotNull();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private KafkaCommandLog ledger(Map<String, ?> connection, KafkaProducer<byte[], byte[]> sending) {
    return new KafkaCommandLog(
        new KafkaCommandLog.LedgerSettings(connection, topics.erasures(), Duration.ofDays(14)),
        sending,
        AvroSerdes.mock(topics.prefix()),
        InstantSource.system());
  }

  private void createTopic() {
    SharedServers.kafka()
        .createTopics(
            TopicCatalogue.of(topics, List.of(), TopicSizes.of(1, 1)).stream()
                .filter(spec -> spec.name().equals(topics.erasures()))
                .map(TopicCatalogue.Spec::newTopic)
                .toList());
  }

  /** As written at that time. */
  private void write(Erasure entry) {
    try (var serde = AvroSerdes.mock(topics.prefix()).value(Erasure.class)) {
      write(
          new ProducerRecord<>(
              topics.erasures(),
              0,
              entry.getAt(),
              entry.getId().getBytes(StandardCharsets.UTF_8),
              serde.serializer().serialize(topics.erasures(), entry)));
    }
  }

  private void write(ProducerRecord<byte[], byte[]> record) {
    try (KafkaSender sender = new KafkaSender(producer, record.topic(), Duration.ofSeconds(20))) {
      sender.send(record).join();
    }
  }

  private Erasure command(long at) {
    return Erasure.newBuilder()
        .setId(ErasureIds.next(at, random))
        .setTenant("acme")
        .setUserId("u-1")
        .setAt(at)
        .build();
  }

  private static Erasure notice(Erasure command) {
    return Erasure.newBuilder(command).setCompletedAt(command.getAt() + 9).setRows(12L).build();
  }
}
