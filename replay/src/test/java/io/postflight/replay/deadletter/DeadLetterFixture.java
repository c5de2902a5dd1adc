package io.postflight.replay.deadletter;

import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topics of a deployment on a real broker. */
final class DeadLetterFixture implements AutoCloseable {
  static final String TIER = "30d";

  final Topics topics;
  final AvroSerdes serdes;
  final DeadLetterContext context;
  final Map<String, String> kafka =
      Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers());
  private final KafkaProducer<byte[], byte[]> producer;

  /** Source offset of the next dead letter. */
  private long sourceOffset;

  DeadLetterFixture(String name) {
    String unique = SharedServers.uniqueName(name);
    topics = new Topics(unique + ".");
    serdes = AvroSerdes.mock(unique);
    context = new DeadLetterContext(kafka, topics, Set.of(TIER), serdes, Duration.ofSeconds(20));
    SharedServers.kafka()
        .createTopics(
            TopicCatalogue.of(topics, Set.of(TIER), TopicSizes.of(2, 1)).stream()
                .map(TopicCatalogue.Spec::newTopic)
                .toList());
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                SharedServers.kafka().bootstrapServers(),
                "max.request.size",
                8 << 20,
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  RedriveReport redrive() throws InterruptedException {
    return redrive(RedriveSettings.ALL);
  }

  RedriveReport redrive(RedriveSettings settings) throws InterruptedException {
    return new Redrive(context, settings, InstantSource.system(), RedriveListener.SILENT).run();
  }

  /** A webhook as written by the gateway. */
  void webhook(String tenant, long receivedAt, String json) throws Exception {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.rawWebhooks(), bytes(json));
    rawHeaders(record.headers(), tenant, receivedAt);
    producer.send(record).get();
  }

  /** An event, as the normalizer writes it. */
  void append(MessageEvent event) throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                topics.events(),
                null,
                event.getReceivedAt(),
                bytes(RecordKeys.ofEvent(event)),
                bytes(event)))
        .get();
  }

  /** A webhook's dead letter, as the normalizer writes it. */
  DeadLetterId deadWebhook(RejectionReason reason, String tenant, @Nullable String indices)
      throws Exception {
    ProducerRecord<byte[], byte[]> deadLetter =
        new ProducerRecord<>(topics.deadLetters(), bytes("{\"a\":1}"));
    rawHeaders(deadLetter.headers(), tenant, System.currentTimeMillis() - 60_000);
    deadLetterHeaders(deadLetter.headers(), reason, "normalize", topics.rawWebhooks());
    if (indices != null) {
      deadLetter.headers().add(DeadLetterHeaders.INDICES, bytes(indices));
    }
    return id(producer.send(deadLetter).get());
  }

  /** Writes a dead letter again, as a crash does. */
  void repeated(DeadLetterId first) throws Exception {
    repeated(first, String.valueOf(record(first).indices()));
  }

  /** Writes the dead letter of a source record again, with other rejected entries. */
  void repeated(DeadLetterId first, String indices) throws Exception {
    DeadLetterRecord deadLetter = record(first);
    Headers headers = new RecordHeaders(deadLetter.recordHeaders().toArray());
    headers.remove(DeadLetterHeaders.INDICES);
    headers.add(DeadLetterHeaders.INDICES, bytes(indices));
    producer
        .send(
            new ProducerRecord<>(
                topics.deadLetters(), null, deadLetter.key(), deadLetter.value(), headers))
        .get();
  }

  private DeadLetterRecord record(DeadLetterId id) {
    return deadLetters().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  DeadLetterId deadEvent(String key, byte[] value, long timestamp) throws Exception {
    ProducerRecord<byte[], byte[]> deadLetter =
        new ProducerRecord<>(topics.deadLetters(), bytes(key), value);
    deadLetterHeaders(deadLetter.headers(), RejectionReason.INTERNAL, "lifecycle", topics.events());
    deadLetter.headers().add(DeadLetterHeaders.SOURCE_TIMESTAMP, bytes(Long.toString(timestamp)));
    return id(producer.send(deadLetter).get());
  }

  DeadLetterId deadRows(String key, byte[] value, String sourceTopic) throws Exception {
    ProducerRecord<byte[], byte[]> deadLetter =
        new ProducerRecord<>(topics.deadLetters(), bytes(key), value);
    deadLetterHeaders(deadLetter.headers(), RejectionReason.INTERNAL, "sink", sourceTopic);
    return id(producer.send(deadLetter).get());
  }

  void erase(@Nullable String messageId, @Nullable String userId, List<String> fields, long at)
      throws Exception {
    Erasure command =
        Erasure.newBuilder()
            .setId(ErasureIds.next(at, new Random(at)))
            .setTenant("acme")
            .setMessageId(messageId)
            .setUserId(userId)
            .setFields(fields)
            .setAt(at)
            .build();
    byte[] value = serdes.value(Erasure.class).serializer().serialize(topics.erasures(), command);
    producer.send(new ProducerRecord<>(topics.erasures(), bytes(command.getId()), value)).get();
  }

  byte[] bytes(MessageEvent event) {
    return serdes.value(MessageEvent.class).serializer().serialize(topics.events(), event);
  }

  byte[] bytes(TierRecord record) {
    return serdes.value(TierRecord.class).serializer().serialize(topics.store(TIER), record);
  }

  TierRecord rows(byte[] value) {
    return serdes.value(TierRecord.class).deserializer().deserialize(topics.store(TIER), value);
  }

  static MessageEvent event(String messageId, String user, long at) {
    return event(messageId, user, at, "hello");
  }

  static MessageEvent event(String messageId, String user, long at, @Nullable String body) {
    return MessageEvent.newBuilder()
        .setTenant("acme")
        .setMessageId(messageId)
        .setEventId("e-" + messageId)
        .setUserId(user)
        .setType("message.sent")
        .setProvider("events")
        .setChannel("SMS")
        .setDirection(Direction.OUTBOUND)
        .setStatus(Status.SENT)
        .setProviderStatus("sent")
        .setEventTime(at)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(at)
        .setBody(body)
        .build();
  }

  static TierRecord rowsOf(MessageEvent event) {
    return new TierRecord(
        event.getTenant(),
        List.of(new TimelineEntry(event, event.getEventTime(), 1)),
        new MessageRevision(
            event.getTenant(),
            String.valueOf(event.getMessageId()),
            TIER,
            event.getEventTime(),
            null,
            1,
            1,
            Facts.of(event)),
        event.getReceivedAt(),
        null,
        event.getEventTime(),
        null);
  }

  /**
   * All committed records of a topic, by time. The broker ends a transaction in each partition
   * after it has acknowledged the commit, so this waits until none is open.
   */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    try (Admin admin = SharedServers.kafka().admin()) {
      await()
          .until(
              () ->
                  end(admin, topic, IsolationLevel.READ_COMMITTED)
                      == end(admin, topic, IsolationLevel.READ_UNCOMMITTED));
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (TopicScan scan = TopicScan.open(kafka, topic, 0, Long.MAX_VALUE, Duration.ofSeconds(20))) {
      ConsumerRecord<byte[], byte[]> record;
      while ((record = scan.next()) != null) {
        records.add(record);
      }
    }
    return records;
  }

  /** Sum of the end offsets of a topic's partitions. */
  private static long end(Admin admin, String topic, IsolationLevel isolation) throws Exception {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicDescription each :
        admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
      each.partitions()
          .forEach(
              part -> latest.put(new TopicPartition(topic, part.partition()), OffsetSpec.latest()));
    }
    return admin
        .listOffsets(latest, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .values()
        .stream()
        .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
        .sum();
  }

  List<DeadLetterRecord> deadLetters() {
    return read(topics.deadLetters()).stream().map(DeadLetterRecord::new).toList();
  }

  static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void rawHeaders(Headers headers, String tenant, long receivedAt) {
    headers.add(RawHeaders.PROVIDER, bytes("events"));
    headers.add(RawHeaders.TENANT, bytes(tenant));
    headers.add(RawHeaders.RECEIVED_AT, bytes(Long.toString(receivedAt)));
    headers.add(RawHeaders.TENANTS_VERSION, bytes("1"));
    headers.add(RawHeaders.REQUEST_ID, bytes("req-1"));
  }

  private void deadLetterHeaders(
      Headers headers, RejectionReason reason, String stage, String sourceTopic) {
    headers.add(DeadLetterHeaders.REASON, bytes(reason.name()));
    headers.add(DeadLetterHeaders.DETAIL, bytes("a test's dead letter"));
    headers.add(DeadLetterHeaders.STAGE, bytes(stage));
    headers.add(DeadLetterHeaders.SOURCE_TOPIC, bytes(sourceTopic));
    headers.add(DeadLetterHeaders.SOURCE_PARTITION, bytes("0"));
    headers.add(DeadLetterHeaders.SOURCE_OFFSET, bytes(Long.toString(sourceOffset++)));
  }

  private static DeadLetterId id(RecordMetadata at) {
    return new DeadLetterId(at.partition(), at.offset());
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
