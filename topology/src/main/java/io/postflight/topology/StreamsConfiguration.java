package io.postflight.topology;

import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.topology.deadletter.DeadLetterExceptionHandler;
import io.postflight.topology.runtime.RocksMemory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The configurations of the two applications of Kafka Streams.
 *
 * <p>The normalizer is stateless, and what a webhook becomes depends on nothing but the webhook: it
 * runs at least once, without transactions, so that an event can be read as soon as it is written.
 * A crash repeats events, which the lifecycle drops as duplicates. The lifecycle runs exactly once.
 */
final class StreamsConfiguration {
  /**
   * Maximum records of one poll. A raw record may contain a thousand events, and all records of a
   * poll must be processed within max.poll.interval.ms.
   */
  private static final int MAX_POLL_RECORDS = 500;

  /**
   * How long Kafka may be unavailable before a send or a commit fails. After a failed commit Kafka
   * Streams wipes the state of the task, even with transactional state stores.
   */
  private static final Duration KAFKA_OUTAGE = Duration.ofMinutes(5);

  /**
   * Bytes of a batch, for each partition of each output topic. The default, 16 KiB, holds some
   * twenty records; larger batches cost Kafka and this process less, and compress better. The
   * memory of a thread's producer (buffer.memory, 32 MiB) holds 256 of them: if more are open, they
   * are sent before they are full or their linger time has passed.
   */
  private static final int BATCH_BYTES = 128 * 1024;

  /**
   * How long an event waits for others of its partition, at most and only while input is queued
   * ({@link io.postflight.topology.punctuation.PollTimingClients}).
   */
  private static final Duration EVENT_LINGER = Duration.ofMillis(100);

  /**
   * Bytes of a fetch. The default, 50 MiB, is what a consumer of many partitions holds of a
   * backlog.
   */
  private static final int FETCH_BYTES = 8 * 1024 * 1024;

  /**
   * Records of a partition that wait in a task before its partition is paused. The default, 1,000,
   * is 64,000 records for a thread with 64 partitions.
   */
  private static final int BUFFERED_RECORDS = 200;

  private StreamsConfiguration() {}

  /** The configuration of the normalizer. */
  static Map<String, Object> normalizer(
      TopologySettings settings, DeadLetterExceptionHandler.DeadLetterSink poison) {
    Map<String, Object> config = ofBoth(settings, poison);
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.normalizerId());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    // Redriven webhooks are written in transactions.
    config.put(consumer(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    // An offset is committed once all events of the webhooks before it are acknowledged: by all
    // in-sync replicas, and in order. Under exactly-once Kafka Streams requires both itself.
    config.put(producer(ProducerConfig.ACKS_CONFIG), "all");
    config.put(producer(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG), true);
    config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, millis(EVENT_LINGER));
    return config;
  }

  /** The configuration of the lifecycle. */
  static Map<String, Object> lifecycle(
      TopologySettings settings,
      Duration transactionTimeout,
      RocksMemory memory,
      DeadLetterExceptionHandler.DeadLetterSink poison) {
    Map<String, Object> config = ofBoth(settings, poison);
    TopologyStreamsSettings streams = settings.streams();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.lifecycleId());
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, streams.standbyReplicas());
    // Under at_least_once a crash between a changelog write and the output would lose a completion:
    // when the event is read again, it is a duplicate that changes nothing.
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // An aborted transaction is rolled back in the state stores. Without this they would be wiped
    // and restored from the beginning of their changelogs.
    config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
    // Every write goes to the changelog within its transaction; a cache would only delay it.
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.Setter.class);
    config.put(RocksMemory.KEY, memory);
    // A commit sends what is left; nothing can be read before it.
    config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, millis(streams.commitInterval()));
    config.put(producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), millis(transactionTimeout));
    return config;
  }

  private static Map<String, Object> ofBoth(
      TopologySettings settings, DeadLetterExceptionHandler.DeadLetterSink poison) {
    TopologyStreamsSettings streams = settings.streams();
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(StreamsConfig.STATE_DIR_CONFIG, streams.stateDir().toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, streams.threads());
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, streams.commitInterval().toMillis());
    config.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    // There is no global table; without this Kafka Streams warns of the default at every start.
    config.put("processing.exception.handler.global.enabled", true);
    // Nothing depends on the order of records of different topics. To keep it costs a check of all
    // partitions of a task, with a formatted text, for each record.
    config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);

    config.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeadLetterExceptionHandler.class);
    config.put(DeadLetterExceptionHandler.ROUTE, poison);

    config.put(
        consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        Math.toIntExact(streams.sessionTimeout().toMillis()));
    config.put(
        consumer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        Math.toIntExact(Math.max(300, streams.sessionTimeout().toMillis() / 4)));
    config.put(consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), MAX_POLL_RECORDS);
    config.put(consumer(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    if (streams.instanceId() != null) {
      config.put(consumer(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), streams.instanceId());
    }

    // These are defaults; what the operator has set for these or for all clients is kept.
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    config.putIfAbsent(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
    config.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    config.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), TopicCatalogue.LARGE_RECORD_BYTES);
    config.put(producer(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), millis(KAFKA_OUTAGE));
    config.put(producer(ProducerConfig.MAX_BLOCK_MS_CONFIG), millis(KAFKA_OUTAGE));
    if (streams.replicationFactor() > 0) {
      config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, streams.replicationFactor());
      config.put(
          StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
          Integer.toString(TopicCatalogue.minInSyncReplicas(streams.replicationFactor())));
    }
    return config;
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  private static String producer(String key) {
    return StreamsConfig.producerPrefix(key);
  }

  private static String consumer(String key) {
    return StreamsConfig.mainConsumerPrefix(key);
  }
}
