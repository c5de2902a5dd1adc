package io.postflight.demo;

import io.postflight.schema.topic.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts the records of the topic of dead letters by their reason. */
final class DeadLetterCount {
  private static final Duration POLL = Duration.ofMillis(200);

  private DeadLetterCount() {}

  static Map<String, Long> byReason(Map<String, String> kafka, String topic) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", "false");
    // Closing waits for what is asked for beyond the end.
    config.put("fetch.max.wait.ms", 50);
    Map<String, Long> counts = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          Header reason = record.headers().lastHeader(DeadLetterHeaders.REASON);
          counts.merge(
              reason == null ? "(none)" : new String(reason.value(), StandardCharsets.UTF_8),
              1L,
              Long::sum);
        }
      }
    }
    return counts;
  }
}
