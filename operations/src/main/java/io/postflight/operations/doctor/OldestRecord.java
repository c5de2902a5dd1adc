package io.postflight.operations.doctor;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * When the oldest record behind given offsets was written. Offsets alone do not tell whether
 * anything is left: marks of transactions take some too.
 */
final class OldestRecord {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<String, String> client;

  OldestRecord(Map<String, String> client) {
    this.client = client;
  }

  /** Epoch milliseconds; empty if no committed record is there from these offsets on. */
  Optional<Long> of(Map<TopicPartition, Long> from) {
    if (from.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(from.keySet());
      from.forEach(consumer::seek);
      Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet(), PATIENCE);
      return oldest(consumer, ends);
    }
  }

  private static Optional<Long> oldest(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Set<TopicPartition> open = new HashSet<>(ends.keySet());
    Optional<Long> oldest = Optional.empty();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (open.remove(partition)) {
          consumer.pause(Set.of(partition));
          oldest = Optional.of(Math.min(record.timestamp(), oldest.orElse(record.timestamp())));
        }
      }
      open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
    }
    return oldest;
  }
}
