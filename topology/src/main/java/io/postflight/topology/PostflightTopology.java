package io.postflight.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.IdentityRecord;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.deadletter.NonNullDeserializer;
import io.postflight.topology.identity.IdentityProcessor;
import io.postflight.topology.intake.NormalizeProcessor;
import io.postflight.topology.lifecycle.LedgerProcessor;
import io.postflight.topology.lifecycle.LifecyclePartitioner;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.lifecycle.LifecycleReducer;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.punctuation.Pacing;
import io.postflight.topology.route.TenantResolver;
import io.postflight.topology.runtime.CommitPacing;
import io.postflight.topology.runtime.OutageGate;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;

/**
 * The pipeline: raw webhooks are normalized into events or dead letters; events advance the
 * lifecycle of their message; the results go to the message's tier, and to {@code postflight} once
 * the message is complete. Privacy commands are broadcast from the ledger to the lifecycle.
 *
 * <p>Two applications of Kafka Streams, since they need different guarantees ({@link
 * StreamsConfiguration}). The topic {@code events} is between them.
 *
 * <p>Each tier has a sink node of its own instead of one node that takes the topic's name from the
 * record: a record for a topic that does not exist would block its partition.
 */
public final class PostflightTopology {
  private final Topology topology = new Topology();
  private final TopologySettings settings;
  private final Services services;
  private final Control control;
  private final TenantResolver tenants;
  private final TopologyMetrics metrics;
  private final LifecycleReducer reducer;
  private final Serde<MessageEvent> events;
  private final Serde<LifecycleCommand> commands;

  /** Collaborators of the processors. */
  public record Services(
      TenantDirectory tenants, AvroSerdes serdes, Normalizer normalizer, MeterRegistry registry) {
    Services with(AvroSerdes other) {
      return new Services(tenants, other, normalizer, registry);
    }
  }

  /**
   * Controls when the processors work.
   *
   * @param pacing of punctuators
   * @param commits of transactions
   * @param outages pauses the instance while a service that records need is unavailable
   */
  public record Control(Pacing pacing, CommitPacing commits, OutageGate outages) {}

  private PostflightTopology(TopologySettings settings, Services services, Control control) {
    this.settings = settings;
    this.services = services;
    this.control = control;
    tenants = new TenantResolver(services.tenants(), settings.tenantTimeout());
    metrics = new TopologyMetrics(services.registry(), services.normalizer().providers());
    reducer = new LifecycleReducer(settings.lifecycle());
    events = services.serdes().value(MessageEvent.class);
    commands = services.serdes().value(LifecycleCommand.class);
  }

  /** The application that makes events of raw webhooks. */
  public static Topology normalizer(TopologySettings settings, Services services, Control control) {
    return new PostflightTopology(settings, services, control).normalizer();
  }

  /**
   * The application that makes revisions of events.
   *
   * @param partitions number of partitions of {@code events}
   */
  public static Topology lifecycle(
      TopologySettings settings, int partitions, Services services, Control control) {
    return new PostflightTopology(settings, services, control).lifecycle(partitions);
  }

  private Topology normalizer() {
    Topics topics = settings.topics();

    source("raw", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.rawWebhooks());
    processor("normalize", this::normalize, "raw");
    bytesSink(NormalizeProcessor.EVENTS, topics.events(), "normalize");
    bytesSink(NormalizeProcessor.DEAD_LETTERS, topics.deadLetters(), "normalize");

    // The ledger is written without transactions: a transaction that is left open would delay all
    // who read the ledger to its end.
    source(
        "derived",
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topics.identityErasures());
    bytesSink("ledger", topics.erasures(), "derived");
    return topology;
  }

  private Topology lifecycle(int partitions) {
    Topics topics = settings.topics();

    avroSource("events", events, topics.events());
    avroSource("commands", commands, topics.lifecycleCommands());
    processor("lifecycle", () -> lifecycleProcessor(partitions), "events", "commands");
    store(LifecycleProcessor.LIFECYCLES, Serdes.String(), avro(LifecycleState.class), "lifecycle");
    store(LifecycleProcessor.DEADLINES, Serdes.Bytes(), Serdes.ByteArray(), "lifecycle");
    store(LifecycleProcessor.ERASURES, Serdes.String(), commands, "lifecycle");
    store(LifecycleProcessor.ERASURE_SCANS, Serdes.String(), Serdes.String(), "lifecycle");
    avroSink(
        LifecycleProcessor.POSTFLIGHT,
        avro(MessageRevision.class),
        topics.postflight(),
        "lifecycle");
    bytesSink(LifecycleProcessor.DEAD_LETTERS, topics.deadLetters(), "lifecycle");
    avroSink(
        LifecycleProcessor.LINKS, avro(IdentityRecord.class), topics.identityLinks(), "lifecycle");
    commandSink(LifecycleProcessor.ACKNOWLEDGEMENTS, topics.lifecycleCommands(), "lifecycle");
    for (String tier : settings.tiers()) {
      avroSink(
          LifecycleProcessor.tierNode(tier),
          avro(TierRecord.class),
          topics.store(tier),
          "lifecycle");
    }

    avroSource("ledger", avro(Erasure.class), topics.erasures());
    processor("broadcast", () -> new LedgerProcessor(metrics), "ledger");
    commandSink(LedgerProcessor.COMMANDS, topics.lifecycleCommands(), "broadcast");
    avroSink(
        LedgerProcessor.REQUESTED, avro(IdentityRecord.class), topics.identityLinks(), "broadcast");
    identity();
    return topology;
  }

  private void identity() {
    Topics topics = settings.topics();
    avroSource("identity-links", avro(IdentityRecord.class), topics.identityLinks());
    processor("persons", this::persons, "identity-links");
    store(IdentityProcessor.LINKS, Serdes.String(), avro(AliasLinks.class), "persons");
    store(IdentityProcessor.ERASURES, Serdes.String(), avro(Erasure.class), "persons");
    avroSink(IdentityProcessor.IDENTITY, avro(AliasLinks.class), topics.identity(), "persons");
    avroSink(IdentityProcessor.LEDGER, avro(Erasure.class), topics.identityErasures(), "persons");
    for (String tier : settings.tiers()) {
      avroSink(
          IdentityProcessor.tierNode(tier), avro(TierRecord.class), topics.store(tier), "persons");
    }
  }

  private IdentityProcessor persons() {
    return new IdentityProcessor(tenants, settings.tiers(), settings.tierMemory(), metrics);
  }

  private NormalizeProcessor normalize() {
    return new NormalizeProcessor(
        services.normalizer(),
        tenants,
        settings.tiers(),
        settings.topics().events(),
        events.serializer(),
        metrics);
  }

  private LifecycleProcessor lifecycleProcessor(int partitions) {
    return new LifecycleProcessor(
        reducer,
        new LifecycleProcessor.LifecycleServices(
            tenants, control.pacing(), events.serializer(), metrics),
        new LifecycleProcessor.LifecycleSettings(
            settings.tiers(), partitions, settings.ledgerRetention(), settings.tierMemory()));
  }

  private <K, V, K2, V2> void processor(
      String name, ProcessorSupplier<K, V, K2, V2> supplier, String... parents) {
    topology.addProcessor(
        name, () -> control.commits().around(control.outages().around(supplier.get())), parents);
  }

  private <T extends SpecificRecord> void avroSource(String name, Serde<T> value, String topic) {
    source(name, new StringDeserializer(), new NonNullDeserializer<>(value.deserializer()), topic);
  }

  private void source(String name, Deserializer<?> key, Deserializer<?> value, String topic) {
    topology.addSource(
        AutoOffsetReset.earliest(), name, PostflightTopology::timestamp, key, value, topic);
  }

  private <K, V> void store(String name, Serde<K> key, Serde<V> value, String processor) {
    topology.addStateStore(
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
            .withLoggingEnabled(changelog()),
        processor);
  }

  private void bytesSink(String name, String topic, String parent) {
    topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), parent);
  }

  private <T> void avroSink(String name, Serde<T> value, String topic, String parent) {
    topology.addSink(name, topic, new StringSerializer(), value.serializer(), parent);
  }

  private void commandSink(String name, String topic, String parent) {
    topology.addSink(
        name,
        topic,
        new StringSerializer(),
        commands.serializer(),
        new LifecyclePartitioner(),
        parent);
  }

  private <T extends SpecificRecord> Serde<T> avro(Class<T> type) {
    return services.serdes().value(type);
  }

  /** Kafka's default extractor fails at a record with a negative timestamp. */
  private static long timestamp(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Math.max(0, record.timestamp());
  }

  /** The state of a message may be larger than the default maximum of a record. */
  private static Map<String, String> changelog() {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(TopicCatalogue.MESSAGE_RECORD_BYTES),
        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
        Long.toString(Long.MAX_VALUE));
  }
}
