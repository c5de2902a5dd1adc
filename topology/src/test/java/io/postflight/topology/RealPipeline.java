package io.postflight.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.junit.TopicReader;
import io.postflight.devstack.kafka.EmbeddedKafka;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.lifecycle.LifecycleRules;
import io.postflight.topology.normalize.Normalizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topology's topics on a real broker, with their own prefix, and their records. */
final class RealPipeline implements AutoCloseable {
  static final int PARTITIONS = 3;

  final Topics topics;
  final String servers;
  final String registryUrl;
  final AvroSerdes serdes;
  final Path stateDir = SharedServers.newDirectory("streams");
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FixedTenants tenants = FixedTenants.of(TestTenants.tenant("acme", "30d"));
  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicReader reader;

  /**
   * @param registryUrl of a schema registry, {@code mock://...} or real
   */
  RealPipeline(String name, String registryUrl) {
    this(name, registryUrl, PARTITIONS);
  }

  /** A pipeline with another number of partitions. */
  RealPipeline(String name, String registryUrl, int partitions) {
    this(name, SharedServers.kafka(), registryUrl, partitions);
  }

  /** A pipeline on a broker that a test may stop. */
  RealPipeline(String name, EmbeddedKafka kafka, String registryUrl, int partitions) {
    this(new Topics(SharedServers.uniqueName(name) + "."), kafka.bootstrapServers(), registryUrl);
    kafka.createTopics(
        TopicCatalogue.of(topics, Set.of("30d"), TopicSizes.of(partitions, 1)).stream()
            .map(TopicCatalogue.Spec::newTopic)
            .toList());
  }

  /** The same topics seen from another process. */
  RealPipeline(Topics topics, String servers, String registryUrl) {
    this.topics = topics;
    this.servers = servers;
    this.registryUrl = registryUrl;
    this.serdes = AvroSerdes.of(Map.of("schema.registry.url", registryUrl));
    this.producer =
        new KafkaProducer<>(
            // One request at a time: on a new partition the first batch may fail while later ones
            // are
            // accepted, and then it is out of sequence.
            Map.of("bootstrap.servers", servers, "max.in.flight.requests.per.connection", 1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.reader = new TopicReader(servers);
  }

  TopologySettings settings(LifecycleRules rules, Path dir) {
    return settings(rules, dir, Duration.ofMillis(100));
  }

  TopologySettings settings(LifecycleRules rules, Path dir, Duration commitInterval) {
    return TopologySettings.of(
            topics,
            Set.of("30d"),
            TopologyStreamsSettings.of(dir).withTiming(commitInterval, Duration.ofSeconds(6)),
            Map.of("bootstrap.servers", servers))
        .withLifecycle(rules)
        .withTenantTimeout(Duration.ZERO)
        .withCaughtUpInterval(Duration.ofMillis(200));
  }

  TopologyRole start(TopologySettings settings) throws InterruptedException {
    return start(settings, serdes);
  }

  TopologyRole start(TopologySettings settings, AvroSerdes with) throws InterruptedException {
    return TopologyRole.start(
        settings,
        new PostflightTopology.Services(tenants, with, Normalizer.ofAllProviders(), meters),
        Clock.systemUTC());
  }

  void status(String messageId, String user, String status) {
    webhook(
        Math.floorMod(messageId.hashCode(), PARTITIONS),
        System.currentTimeMillis(),
        "{\"messageId\":\"%s\",\"userId\":\"%s\",\"status\":\"%s\",\"eventTime\":%d}"
            .formatted(messageId, user, status, System.currentTimeMillis()));
  }

  /** A metric of one state store, summed over its partitions. */
  double stateMetric(String name, String store) {
    return meters.get("postflight.state." + name).tag("store", store).gauge().value();
  }

  /** Changelog records read to restore state, of all instances started by this pipeline. */
  long restored() {
    return (long)
        meters.find("postflight.restored.records").counters().stream()
            .mapToDouble(Counter::count)
            .sum();
  }

  /** Sends a webhook to a fixed partition, so that those of one message stay in order. */
  void webhook(int partition, long receivedAt, String json) {
    webhook("acme", 1, partition, receivedAt, json);
  }

  /** A webhook that the gateway accepted with this version of the tenants. */
  void webhook(String tenant, long version, int partition, long receivedAt, String json) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.rawWebhooks(), partition, null, json.getBytes(StandardCharsets.UTF_8));
    record.headers().add(RawHeaders.PROVIDER, bytes("events"));
    record.headers().add(RawHeaders.TENANT, bytes(tenant));
    record.headers().add(RawHeaders.RECEIVED_AT, bytes(Long.toString(receivedAt)));
    record.headers().add(RawHeaders.TENANTS_VERSION, bytes(Long.toString(version)));
    var unused = producer.send(record);
  }

  void send(String topic, byte[] key, byte @Nullable [] value) {
    append(topic, key, value);
    producer.flush();
  }

  /** Sends a record, without waiting for it. */
  void append(String topic, byte[] key, byte @Nullable [] value) {
    var unused = producer.send(new ProducerRecord<>(topic, key, value));
  }

  void flush() {
    producer.flush();
  }

  List<MessageRevision> postflight() {
    var deserializer = serdes.value(MessageRevision.class).deserializer();
    return read(topics.postflight()).stream()
        .map(record -> deserializer.deserialize(record.topic(), record.value()))
        .toList();
  }

  List<TierRecord> tier() {
    var deserializer = serdes.value(TierRecord.class).deserializer();
    return read(topics.store("30d")).stream()
        .map(record -> deserializer.deserialize(record.topic(), record.value()))
        .toList();
  }

  /** All committed records of a topic up to its current end. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    return reader.read(topic);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    reader.close();
  }
}
