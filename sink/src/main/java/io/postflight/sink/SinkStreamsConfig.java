package io.postflight.sink;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;

/** Kafka Streams properties of a sink, and checks of those that must not be changed. */
final class SinkStreamsConfig {
  private static final String CLASSIC = "classic";
  private static final String READ_COMMITTED = "read_committed";
  private static final String EARLIEST = "earliest";
  private static final List<String> CONSUMER_PREFIXES =
      List.of("", StreamsConfig.CONSUMER_PREFIX, StreamsConfig.MAIN_CONSUMER_PREFIX);

  /** A dead letter may be as large as the largest record, plus a few headers. */
  private static final int MAX_DEAD_LETTER_BYTES = 8 << 20;

  private SinkStreamsConfig() {}

  /**
   * The properties of a sink.
   *
   * @throws IllegalArgumentException if a user's property would break at-least-once delivery
   */
  static Properties of(SinkSettings settings) {
    Map<String, String> all = new HashMap<>(defaults());
    all.putAll(settings.kafka());
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.source().applicationId());
    all.put(StreamsConfig.STATE_DIR_CONFIG, settings.role().stateDir().toString());
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(settings.role().threads()));
    rejectOthers(all);
    Properties properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  /**
   * Rejects a topology with internal topics: Kafka Streams purges records of a repartition topic
   * once it believes them committed.
   *
   * @throws IllegalArgumentException naming the topic
   */
  static void rejectInternalTopics(Topology topology) {
    TopologyDescription description = topology.describe();
    if (!description.globalStores().isEmpty()) {
      throw new IllegalArgumentException("a sink's topology must have no global store");
    }
    for (TopologyDescription.Subtopology part : description.subtopologies()) {
      for (TopologyDescription.Node node : part.nodes()) {
        if (node instanceof TopologyDescription.Sink sink) {
          throw new IllegalArgumentException(
              "a sink's topology must not write a topic (least of all an internal repartition"
                  + " topic); it writes "
                  + sink.topic());
        }
        if (node instanceof TopologyDescription.Processor processor
            && !processor.stores().isEmpty()) {
          throw new IllegalArgumentException(
              "a sink's topology must have no state store; it has " + processor.stores());
        }
      }
    }
    if (description.subtopologies().size() > 1) {
      throw new IllegalArgumentException("a sink's topology must be in one piece");
    }
  }

  /**
   * The properties of the producer of dead letters.
   *
   * @param sink the sink's properties
   * @param name the sink's name
   */
  static Map<String, Object> deadLetterProducer(Properties sink, String name) {
    Map<String, Object> config =
        new HashMap<>(new StreamsConfig(sink).getProducerConfigs("sink-" + name + "-dead-letters"));
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_DEAD_LETTER_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    return config;
  }

  private static Map<String, String> defaults() {
    return Map.ofEntries(
        Map.entry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE),
        Map.entry(StreamsConfig.GROUP_PROTOCOL_CONFIG, CLASSIC),
        Map.entry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "500"),
        // A resume takes effect only after the current poll.
        Map.entry(StreamsConfig.POLL_MS_CONFIG, "20"),
        // Each task has one partition, or the order of several does not matter; without this Kafka
        // Streams checks all partitions of a task, with a formatted text, for each record.
        Map.entry(
            StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
            Long.toString(StreamsConfig.MAX_TASK_IDLE_MS_DISABLED)),
        // A task whose commits time out must not fail while Kafka is unavailable.
        Map.entry(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, "86400000"),
        Map.entry(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, "200"),
        Map.entry(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0"),
        Map.entry(
            StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName()),
        Map.entry(
            StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName()),
        // There is no global thread; without this setting Kafka Streams logs a warning at every
        // start.
        Map.entry("processing.exception.handler.global.enabled", "true"),
        // Never negative: for a negative timestamp Kafka Streams fails or drops the record.
        Map.entry(
            StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
            WallclockTimestampExtractor.class.getName()),
        Map.entry(consumer(ConsumerConfig.ISOLATION_LEVEL_CONFIG), READ_COMMITTED),
        Map.entry(consumer(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), EARLIEST),
        Map.entry(consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "500"),
        // The partitions of a crashed instance are reassigned after this time.
        Map.entry(consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), "8000"),
        Map.entry(consumer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), "2000"));
  }

  private static void rejectOthers(Map<String, String> all) {
    only(
        all,
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        StreamsConfig.AT_LEAST_ONCE,
        "transactions commit offsets past the sink");
    only(
        all,
        StreamsConfig.GROUP_PROTOCOL_CONFIG,
        CLASSIC,
        "with another protocol the sink's own consumer is bypassed");
    for (String prefix : CONSUMER_PREFIXES) {
      only(
          all,
          prefix + ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          CLASSIC,
          "with another protocol the sink's own consumer is bypassed");
      only(
          all,
          prefix + ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          READ_COMMITTED,
          "records of aborted transactions would be stored");
      only(
          all,
          prefix + ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          EARLIEST,
          "a new group would skip existing records");
    }
    for (String key :
        Set.of(
            StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
            StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG,
            StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG)) {
      only(all, key, defaults().getOrDefault(key, ""), "the sink reads bytes itself");
    }
  }

  private static void only(Map<String, String> all, String key, String allowed, String why) {
    String value = all.getOrDefault(key, allowed);
    if (!value.equals(allowed)) {
      throw new IllegalArgumentException(
          key + " is '" + value + "'; a sink allows only '" + allowed + "': " + why);
    }
  }

  private static String consumer(String key) {
    return StreamsConfig.MAIN_CONSUMER_PREFIX + key;
  }
}
