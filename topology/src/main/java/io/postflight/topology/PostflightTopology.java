package io.postflight.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.deadletter.NonNullDeserializer;
import io.postflight.topology.intake.NormalizeProcessor;
import io.postflight.topology.ledger.LedgerProcessor;
import io.postflight.topology.ledger.LifecyclePartitioner;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.lifecycle.LifecycleReducer;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.punctuation.Pacing;
import io.postflight.topology.route.TenantResolver;
import io.postflight.topology.runtime.OutageGate;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline, as a sentence: raw webhooks are normalized into events or dead letters; events move
 * lives; what follows goes to the tier of the message, and to {@code postflight} once the message
 * is complete. Privacy commands go from their ledger to the partitions of the lives they concern.
 *
 * <p>The topic {@code events} is written and read by name, not as a repartition topic of Kafka
 * Streams, because others may read it and because Streams would purge it.
 *
 * <p>Each tier has a node of its own rather than one node that takes the topic's name from the
 * record: a record for a topic that does not exist would stop its partition, and so it cannot even
 * be said.
 */
public final class PostflightTopology {
  private static final String TIER = "tier-";

  private PostflightTopology() {}

  /**
   * Puts the pipeline together.
   *
   * @param partitions how many {@code events} has
   * @param outages where records wait for what is unavailable
   */
  public static Topology build(
      TopologySettings settings,
      int partitions,
      TenantDirectory tenants,
      Pacing pacing,
      AvroSerdes serdes,
      Normalizer normalizer,
      MeterRegistry registry,
      OutageGate outages) {
    Topics topics = settings.topics();
    TenantResolver gate = new TenantResolver(tenants, settings.tenantTimeout());
    TopologyMetrics metrics = new TopologyMetrics(registry, normalizer.providers());
    LifecycleReducer lives = new LifecycleReducer(settings.life());
    Serde<MessageEvent> events = serdes.value(MessageEvent.class);
    Serde<Erasure> erasures = serdes.value(Erasure.class);
    Serde<LifecycleCommand> commands = serdes.value(LifecycleCommand.class);

    Topology topology = new Topology();

    topology
        .addSource(
            AutoOffsetReset.earliest(),
            "raw",
            PostflightTopology::time,
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.rawWebhooks())
        .addProcessor(
            "normalize",
            () ->
                outages.around(
                    new NormalizeProcessor(
                        normalizer,
                        gate,
                        settings.tiers(),
                        events.serializer(),
                        metrics,
                        new NormalizeProcessor.Targets(
                            topics.events(), "normalized", "dead-webhooks"))),
            "raw")
        .addSink("normalized", topics.events(), bytes(), bytes(), "normalize")
        .addSink("dead-webhooks", topics.deadLetters(), bytes(), bytes(), "normalize");

    topology
        .addSource(
            AutoOffsetReset.earliest(),
            "events",
            PostflightTopology::time,
            new StringDeserializer(),
            new NonNullDeserializer<>(events.deserializer()),
            topics.events())
        .addSource(
            AutoOffsetReset.earliest(),
            "commands",
            PostflightTopology::time,
            new StringDeserializer(),
            new NonNullDeserializer<>(commands.deserializer()),
            topics.lifecycleCommands())
        .addProcessor(
            "lifecycle",
            () ->
                outages.around(
                    new LifecycleProcessor(
                        lives,
                        gate,
                        pacing,
                        events.serializer(),
                        metrics,
                        new Nodes(settings, partitions),
                        new LifecycleProcessor.Memory(
                            settings.ledgerRetention(), settings.tierMemory()))),
            "events",
            "commands")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(LifecycleProcessor.LIFECYCLES),
                    Serdes.String(),
                    serdes.value(LifecycleState.class))
                .withLoggingEnabled(changelog()),
            "lifecycle")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(LifecycleProcessor.DEADLINES),
                    Serdes.Bytes(),
                    Serdes.ByteArray())
                .withLoggingEnabled(changelog()),
            "lifecycle")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(LifecycleProcessor.ERASURES),
                    Serdes.String(),
                    commands)
                .withLoggingEnabled(changelog()),
            "lifecycle")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(LifecycleProcessor.ERASURE_SCANS),
                    Serdes.String(),
                    Serdes.String())
                .withLoggingEnabled(changelog()),
            "lifecycle")
        .addSink(
            "postflight",
            topics.postflight(),
            new StringSerializer(),
            serdes.value(MessageRevision.class).serializer(),
            "lifecycle")
        .addSink("dead-events", topics.deadLetters(), bytes(), bytes(), "lifecycle")
        .addSink(
            "acknowledgements",
            topics.lifecycleCommands(),
            new StringSerializer(),
            commands.serializer(),
            new LifecyclePartitioner(),
            "lifecycle");

    for (String tier : settings.tiers()) {
      topology.addSink(
          TIER + tier,
          topics.store(tier),
          new StringSerializer(),
          serdes.value(TierRecord.class).serializer(),
          "lifecycle");
    }

    topology
        .addSource(
            AutoOffsetReset.earliest(),
            "ledger",
            PostflightTopology::time,
            new StringDeserializer(),
            new NonNullDeserializer<>(erasures.deserializer()),
            topics.erasures())
        .addProcessor("broadcast", () -> outages.around(new LedgerProcessor(metrics)), "ledger")
        .addSink(
            "to-lives",
            topics.lifecycleCommands(),
            new StringSerializer(),
            commands.serializer(),
            new LifecyclePartitioner(),
            "broadcast");
    return topology;
  }

  /** Names of the nodes that the lifecycle forwards to. */
  private record Nodes(TopologySettings settings, int partitions)
      implements LifecycleProcessor.Targets {
    @Override
    public @Nullable String tier(String tier) {
      return settings.tiers().contains(tier) ? TIER + tier : null;
    }

    @Override
    public String postflight() {
      return "postflight";
    }

    @Override
    public String deadLetters() {
      return "dead-events";
    }

    @Override
    public String acknowledgements() {
      return "acknowledgements";
    }
  }

  /** Kafka's own extractor stops the application at a record without a time. */
  private static long time(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Math.max(0, record.timestamp());
  }

  private static ByteArraySerializer bytes() {
    return new ByteArraySerializer();
  }

  /** A life may grow beyond the broker's default for a record. */
  private static Map<String, String> changelog() {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(TopicCatalogue.MESSAGE_RECORD_BYTES),
        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
        Long.toString(Long.MAX_VALUE));
  }
}
