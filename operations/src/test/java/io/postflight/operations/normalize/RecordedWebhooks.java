package io.postflight.operations.normalize;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.Progress;
import io.postflight.operations.TestSettings;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.admin.TenantChanges;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.TopicLog;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.intake.RawRecord;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/** Recorded webhooks on a real broker, and the events that an older normalizer made of them. */
final class RecordedWebhooks implements AutoCloseable {
  static final String PROVIDER = "events";

  final OperationsSettings settings = TestSettings.withoutClusters("normalize_replay");
  final Topics topics = settings.kafka().topics();
  final Map<String, String> kafka = settings.kafka().clientProperties();
  private final TenantRules rules = TenantRules.withTiers(settings.tierNames());
  private final AvroSerdes serdes = settings.registry().serdesOfCommand();
  private final Serde<MessageEvent> events = serdes.value(MessageEvent.class);
  private final Normalizer normalizer = Normalizer.ofAllProviders();
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers()),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final Admin admin = Admin.create(Map.copyOf(kafka));

  /** Offsets up to which the older normalizer has processed the webhooks. */
  private final Map<TopicPartition, OffsetAndMetadata> processed = new HashMap<>();

  RecordedWebhooks() {
    Provisioning.createTopics(settings);
    tenant("acme");
  }

  void tenant(String id) {
    try (TenantAdmin tenants = TenantAdmin.open(settings, rules)) {
      tenants.add(TenantChanges.created(id, "30d"));
    }
  }

  /** Records a webhook, as the gateway does. */
  RawReference webhook(String provider, String tenant, long at, String body) throws Exception {
    return webhook(provider, tenant, at, at, body, Map.of());
  }

  /** Records a webhook at another time than that of its arrival, with more headers. */
  RawReference webhook(
      String provider,
      String tenant,
      long receivedAt,
      long recordedAt,
      String body,
      Map<String, String> more)
      throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topics.rawWebhooks(), null, recordedAt, null, bytes(body));
    Map<String, String> headers = new HashMap<>(more);
    headers.put(RawHeaders.PROVIDER, provider);
    headers.put(RawHeaders.TENANT, tenant);
    headers.put(RawHeaders.TENANTS_VERSION, "1");
    headers.put(RawHeaders.RECEIVED_AT, Long.toString(receivedAt));
    headers.put(RawHeaders.CONTENT_TYPE, "application/json");
    headers.forEach((name, value) -> record.headers().add(name, bytes(value)));
    RecordMetadata at = producer.send(record).get();
    return new RawReference(at.partition(), at.offset(), 0);
  }

  /**
   * Normalizes the webhooks that were recorded since the last call.
   *
   * @param older what the older adapters made of an entry, given the present event
   */
  void normalized(Function<MessageEvent, List<MessageEvent>> older) throws Exception {
    for (ConsumerRecord<byte[], byte[]> record : read(topics.rawWebhooks())) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      OffsetAndMetadata next = processed.get(partition);
      if (next != null && record.offset() < next.offset()) {
        continue;
      }
      RawReference at = new RawReference(record.partition(), record.offset(), 0);
      RawRecord.Valid raw =
          (RawRecord.Valid)
              RawRecord.read(record.value(), record.headers(), record.timestamp(), at);
      for (Outcome outcome : raw.selected(normalizer.normalize(raw.webhook()))) {
        if (outcome instanceof Outcome.Accepted accepted) {
          for (MessageEvent event : older.apply(accepted.event())) {
            append(event);
          }
        }
      }
      processed.put(partition, new OffsetAndMetadata(record.offset() + 1));
    }
    admin.alterConsumerGroupOffsets(settings.roles().normalizerId(), processed).all().get();
  }

  void append(MessageEvent event) throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                topics.events(),
                null,
                event.getReceivedAt(),
                bytes(RecordKeys.ofEvent(event)),
                events.serializer().serialize(topics.events(), event),
                new RecordHeaders()))
        .get();
  }

  void erased(Erasure command) throws Exception {
    try (Serde<Erasure> serde = serdes.value(Erasure.class)) {
      producer
          .send(
              new ProducerRecord<>(
                  topics.erasures(),
                  bytes(command.getId()),
                  serde.serializer().serialize(topics.erasures(), command)))
          .get();
    }
  }

  /** Deletes all webhooks, as the retention does. */
  void deleteWebhooks() throws Exception {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    processed.forEach(
        (partition, next) -> all.put(partition, RecordsToDelete.beforeOffset(next.offset())));
    admin.deleteRecords(all).all().get();
  }

  /** The result of a comparison, and its differences. */
  record Compared(NormalizeReplayReport report, List<EventDifferenceLine> lines) {}

  Compared compare(NormalizeReplayRequest request) {
    List<EventDifferenceLine> lines = new ArrayList<>();
    NormalizeReplayReport report =
        new NormalizeReplay(settings, rules, normalizer)
            .run(
                request,
                InstantSource.system(),
                Progress.SILENT,
                difference -> lines.add(EventDifferenceLine.of(difference)));
    return new Compared(report, lines);
  }

  List<ConsumerRecord<byte[], byte[]>> events() {
    return read(topics.events());
  }

  MessageEvent decoded(ConsumerRecord<byte[], byte[]> record) {
    return events.deserializer().deserialize(record.topic(), record.value());
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (TopicLog log = TopicLog.open(kafka, Duration.ofSeconds(20))) {
      log.seek(log.ranges(log.partitions(topic), 0, Long.MAX_VALUE));
      log.readToEnd(records::add);
    }
    return records;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    events.close();
  }
}
