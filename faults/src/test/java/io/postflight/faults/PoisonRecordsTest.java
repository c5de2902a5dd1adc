package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RawHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a record that can never be processed or stored becomes one dead letter with its bytes,
 * its reason and its position; the records before and after it are stored.
 *
 * <p>Fault: records of each undecodable kind (invalid bytes, a wrong magic byte, an unknown schema
 * id, no value, an inconsistent record), in the raw topic, in {@code events} and in the tier's
 * topic; and records that are too large: a webhook whose event is above 256 KiB, a row above what
 * the sink sends, and a key that the database itself refuses.
 *
 * <p>Checked: each is in the dead letters exactly once, byte for byte; every other event is stored
 * once; no commit was above a dead letter that Kafka did not have.
 */
class PoisonRecordsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final int UNKNOWN_SCHEMA = 999_999;

  private final List<Poison> poisons = new ArrayList<>();

  /**
   * A record that must become a dead letter.
   *
   * @param name its distinct key
   */
  @SuppressWarnings("ArrayRecordComponent") // compared with nothing but its own bytes
  private record Poison(
      String name, String topic, byte @Nullable [] value, Map<String, String> headers) {}

  @Test
  void each_kind_of_poison_becomes_one_dead_letter_and_stops_nothing() throws Exception {
    try (FaultRun run = FaultRun.of("a poison record of each kind");
        FaultDeployment deployment = deployment("poison");
        Load load = Load.of(deployment, 8, 300)) {
      raw(deployment);
      unreadable(deployment, deployment.topics().events(), event("m-event", "u-event"));
      unreadable(deployment, deployment.topics().store("30d"), null);
      contradictory(deployment);

      survive(run, deployment, load);
    }
  }

  @Test
  void a_record_larger_than_the_limits_becomes_one_dead_letter_and_stops_nothing()
      throws Exception {
    try (FaultRun run = FaultRun.of("a record larger than the database's limit");
        FaultDeployment deployment = deployment("large");
        Load load = Load.of(deployment, 9, 300)) {
      tooLarge(deployment);

      survive(run, deployment, load);
    }
  }

  private static FaultDeployment deployment(String name) throws Exception {
    return FaultDeployment.of(
        name,
        SharedServers.kafka().bootstrapServers(),
        SharedServers.registry().url(),
        SharedServers.cassandra());
  }

  private void survive(FaultRun run, FaultDeployment deployment, Load load) throws Exception {
    deployment.startAll();
    load.send(300);
    send(deployment);
    load.finish();
    FaultRun.awaitLagZero(deployment);

    await().atMost(TIMEOUT).untilAsserted(() -> assertAllDeadLettered(deployment, load));
    run.note("poisons", poisons.size());
    run.settle(deployment, load.simulation(), poisons.size());
  }

  private void raw(FaultDeployment deployment) {
    String topic = deployment.topics().rawWebhooks();
    byte[] body = "{\"messageId\":\"m1\"}".getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = Map.of(RawHeaders.PROVIDER, "events", RawHeaders.TENANT, "acme");
    add("raw-undecodable", topic, new byte[] {(byte) 0xff, 0, '{', 3}, headers);
    add("raw-no-value", topic, null, headers);
    add("raw-no-provider", topic, body, Map.of(RawHeaders.TENANT, "acme"));
    add("raw-no-tenant", topic, body, Map.of(RawHeaders.PROVIDER, "events"));
    add(
        "raw-unknown-provider",
        topic,
        body,
        Map.of(RawHeaders.PROVIDER, "carrier-pigeon", RawHeaders.TENANT, "acme"));
    add(
        "raw-unknown-tenant",
        topic,
        body,
        Map.of(RawHeaders.PROVIDER, "events", RawHeaders.TENANT, "nobody"));
    Map<String, String> garbled = new LinkedHashMap<>(headers);
    garbled.put(RawHeaders.RECEIVED_AT, "yesterday");
    add("raw-garbled-header", topic, body, garbled);
  }

  /** Bytes that are not an Avro record, in any topic. */
  private void unreadable(FaultDeployment deployment, String topic, @Nullable MessageEvent like) {
    byte[] good =
        like == null
            ? bytes(deployment, TierRecord.class, topic, record(event("m-tier", "u-tier"), 1))
            : bytes(deployment, MessageEvent.class, topic, like);
    byte[] cut = new byte[good.length / 2];
    System.arraycopy(good, 0, cut, 0, cut.length);
    byte[] magic = good.clone();
    magic[0] = 7;
    byte[] unknown = good.clone();
    ByteBuffer.wrap(unknown).putInt(1, UNKNOWN_SCHEMA);
    add(topic + "-undecodable", topic, cut, Map.of());
    add(topic + "-bad-magic", topic, magic, Map.of());
    add(topic + "-unknown-schema", topic, unknown, Map.of());
    add(topic + "-too-short", topic, new byte[] {0, 0}, Map.of());
    add(topic + "-no-value", topic, null, Map.of());
  }

  /** Decodable records that are inconsistent. */
  private void contradictory(FaultDeployment deployment) {
    String events = deployment.topics().events();
    MessageEvent nameless =
        MessageEvent.newBuilder(event("m-nameless", "u-nameless")).setMessageId(null).build();
    add(
        "events-without-message",
        events,
        bytes(deployment, MessageEvent.class, events, nameless),
        Map.of());
    MessageEvent homeless =
        MessageEvent.newBuilder(event("m-homeless", "u-homeless")).setTenant("nobody").build();
    add(
        "events-of-unknown-tenant",
        events,
        bytes(deployment, MessageEvent.class, events, homeless),
        Map.of());
    String tier = deployment.topics().store("30d");
    add(
        "tier-without-shards",
        tier,
        bytes(deployment, TierRecord.class, tier, record(event("m-shards", "u-shards"), 0)),
        Map.of());
    add(
        "tier-without-user",
        tier,
        bytes(deployment, TierRecord.class, tier, record(event("m-user", null), 1)),
        Map.of());
  }

  private void tooLarge(FaultDeployment deployment) {
    add(
        "raw-large-event",
        deployment.topics().rawWebhooks(),
        "{\"messageId\":\"m-large\",\"userId\":\"u-large\",\"status\":\"SENT\",\"body\":\"%s\"}"
            .formatted("x".repeat(300 << 10))
            .getBytes(StandardCharsets.UTF_8),
        Map.of(RawHeaders.PROVIDER, "events", RawHeaders.TENANT, "acme"));
    String tier = deployment.topics().store("30d");
    MessageEvent large =
        MessageEvent.newBuilder(event("m-large-row", "u-large"))
            .setBody("x".repeat(1 << 20))
            .build();
    add(
        "tier-large-row",
        tier,
        bytes(deployment, TierRecord.class, tier, record(large, 1)),
        Map.of());
    // The database accepts keys of up to 64 KiB.
    MessageEvent longName = event("m".repeat(70_000), "u-large");
    add(
        "tier-large-key",
        tier,
        bytes(deployment, TierRecord.class, tier, message(longName)),
        Map.of());
  }

  private void add(
      String name, String topic, byte @Nullable [] value, Map<String, String> headers) {
    poisons.add(new Poison(name, topic, value, headers));
  }

  private void send(FaultDeployment deployment) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", deployment.bootstrap(), "max.request.size", 4 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (Poison poison : poisons) {
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                poison.topic(), poison.name().getBytes(StandardCharsets.UTF_8), poison.value());
        poison
            .headers()
            .forEach(
                (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        producer.send(record).get();
      }
    }
  }

  private void assertAllDeadLettered(FaultDeployment deployment, Load load) {
    List<ConsumerRecord<byte[], byte[]>> deadLetters =
        deployment.kafka().read(deployment.topics().deadLetters());
    for (Poison poison : poisons) {
      byte[] key = poison.name().getBytes(StandardCharsets.UTF_8);
      assertThat(deadLetters)
          .as(poison.name())
          .filteredOn(each -> java.util.Arrays.equals(each.key(), key))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.value()).isEqualTo(poison.value());
                assertThat(header(each, DeadLetterHeaders.REASON)).isNotEmpty();
                assertThat(header(each, DeadLetterHeaders.SOURCE_TOPIC)).isEqualTo(poison.topic());
                assertThat(header(each, DeadLetterHeaders.SOURCE_OFFSET)).matches("[0-9]+");
              });
    }
    assertThat(deadLetters)
        .hasSize(poisons.size() + Math.toIntExact(load.expectedTotals().deadLetters()));
  }

  private static String header(ConsumerRecord<byte[], byte[]> each, String name) {
    Header header = each.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static <T extends org.apache.avro.specific.SpecificRecord> byte[] bytes(
      FaultDeployment deployment, Class<T> type, String topic, T value) {
    return deployment.serdes().value(type).serializer().serialize(topic, value);
  }

  private static MessageEvent event(String messageId, @Nullable String user) {
    long now = System.currentTimeMillis();
    return MessageEvent.newBuilder()
        .setTenant("acme")
        .setMessageId(messageId)
        .setEventId("e-" + messageId.substring(0, Math.min(20, messageId.length())))
        .setUserId(user)
        .setType("message.delivered")
        .setProvider("events")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(Status.DELIVERED)
        .setEventTime(now)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(now)
        .build();
  }

  private static TierRecord record(MessageEvent event, int shards) {
    return TierRecord.newBuilder(message(event))
        .setTimeline(List.of(new TimelineEntry(event, event.getReceivedAt(), shards)))
        .build();
  }

  private static TierRecord message(MessageEvent event) {
    long now = event.getReceivedAt();
    MessageRevision message =
        new MessageRevision(
            "acme", String.valueOf(event.getMessageId()), "30d", now, now, 1, 1, Facts.of(event));
    return new TierRecord("acme", List.of(), message, now, null, now, null);
  }
}
