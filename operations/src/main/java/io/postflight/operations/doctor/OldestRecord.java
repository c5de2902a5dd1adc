package io.postflight.operations.doctor;

import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The time at which the oldest record after given offsets was written. Offsets alone do not show
 * whether records are left, since transaction markers occupy offsets too.
 */
final class OldestRecord {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Map<String, String> client;

  OldestRecord(Map<String, String> client) {
    this.client = client;
  }

  /**
   * Epoch milliseconds; empty if there is no committed record from these offsets on. Partitions
   * that cannot be read in time are left out.
   */
  Optional<Long> of(Map<TopicPartition, Long> from) {
    if (from.isEmpty()) {
      return Optional.empty();
    }
    Map<TopicPartition, Long> first = new HashMap<>();
    try (TopicLog log = TopicLog.open(client, TIMEOUT.plusSeconds(1))) {
      Map<TopicPartition, OffsetRange> ranges =
          log.ranges(List.copyOf(from.keySet()), 0, Long.MAX_VALUE);
      ranges.replaceAll(
          (partition, all) -> {
            long offset = from.getOrDefault(partition, all.from());
            return new OffsetRange(offset, Math.max(offset, all.to()));
          });
      log.seek(ranges);
      long deadline = System.nanoTime() + TIMEOUT.toNanos();
      while (!log.isDone() && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : log.poll()) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          first.putIfAbsent(partition, record.timestamp());
          log.skipRest(partition);
        }
      }
    }
    return first.values().stream().min(Long::compare);
  }
}
