package io.postflight.replay.deadletter;

import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic once, from a time to the end that it has when the reading begins, all partitions
 * merged by the records' time. Holds no more than a few fetches.
 *
 * <p>Not thread-safe.
 */
final class TopicScan implements AutoCloseable {
  private final TopicLog log;
  private final Map<Integer, Long> firstOffsets = new HashMap<>();

  /** By partition, what was fetched of it and not yet returned. */
  private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> fetched =
      new TreeMap<>(TopicLog.ORDER);

  private long total;

  private TopicScan(TopicLog log) {
    this.log = log;
  }

  /**
   * Opens a scan.
   *
   * @param from excludes records before this, epoch milliseconds; 0: none
   * @param to excludes records at or after this, epoch milliseconds; {@link Long#MAX_VALUE}: none
   * @param timeout maximum time without a response from Kafka
   * @throws MissingTopicException if the topic does not exist
   * @throws TimeoutException if Kafka is unavailable
   */
  static TopicScan open(Map<String, ?> kafka, String topic, long from, long to, Duration timeout) {
    TopicScan scan = new TopicScan(TopicLog.open(kafka, timeout));
    try {
      scan.begin(topic, from, to);
      return scan;
    } catch (RuntimeException e) {
      scan.close();
      throw e;
    }
  }

  /**
   * Reads one record.
   *
   * @return null if there is none
   * @throws MissingTopicException if the topic does not exist
   * @throws TimeoutException if Kafka is unavailable
   */
  static @Nullable ConsumerRecord<byte[], byte[]> at(
      Map<String, ?> kafka, String topic, DeadLetterId id, Duration timeout) {
    try (TopicScan scan = new TopicScan(TopicLog.open(kafka, timeout))) {
      TopicPartition partition = new TopicPartition(topic, id.partition());
      if (!scan.log.partitions(topic).contains(partition)) {
        return null;
      }
      OffsetRange all = scan.log.ranges(List.of(partition), 0, Long.MAX_VALUE).get(partition);
      if (all == null || id.offset() < all.from() || id.offset() >= all.to()) {
        return null;
      }
      scan.read(Map.of(partition, new OffsetRange(id.offset(), id.offset() + 1)));
      return scan.next();
    }
  }

  private void begin(String topic, long from, long to) {
    List<TopicPartition> partitions = log.partitions(topic);
    log.ranges(partitions, 0, Long.MAX_VALUE)
        .forEach((partition, all) -> firstOffsets.put(partition.partition(), all.from()));
    read(log.ranges(partitions, from, to));
  }

  private void read(Map<TopicPartition, OffsetRange> ranges) {
    log.seek(ranges);
    ranges.forEach(
        (partition, range) -> {
          fetched.put(partition, new ArrayDeque<>());
          total += range.length();
        });
  }

  /** Number of offsets in the scan: records and transaction markers. */
  long total() {
    return total;
  }

  /** Number of offsets done. */
  long done() {
    long left = 0;
    for (Map.Entry<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> each :
        fetched.entrySet()) {
      TopicPartition partition = each.getKey();
      ConsumerRecord<byte[], byte[]> first = each.getValue().peekFirst();
      left += log.end(partition) - (first == null ? log.position(partition) : first.offset());
    }
    return total - left;
  }

  /** First offset of each partition. */
  Map<Integer, Long> firstOffsets() {
    return Map.copyOf(firstOffsets);
  }

  /**
   * The next record.
   *
   * @return null at the end
   * @throws TimeoutException if Kafka returns nothing for too long
   */
  @Nullable ConsumerRecord<byte[], byte[]> next() {
    fill();
    Deque<ConsumerRecord<byte[], byte[]>> oldest = null;
    for (Deque<ConsumerRecord<byte[], byte[]>> each : fetched.values()) {
      if (!each.isEmpty()
          && (oldest == null || each.getFirst().timestamp() < oldest.getFirst().timestamp())) {
        oldest = each;
      }
    }
    return oldest == null ? null : oldest.removeFirst();
  }

  /** Polls until each partition has a record or is at its end. */
  private void fill() {
    List<TopicPartition> wanted = wanted();
    while (!wanted.isEmpty()) {
      for (ConsumerRecord<byte[], byte[]> record : log.poll(wanted)) {
        Deque<ConsumerRecord<byte[], byte[]>> records =
            fetched.get(new TopicPartition(record.topic(), record.partition()));
        if (records != null) {
          records.addLast(record);
        }
      }
      wanted = wanted();
    }
  }

  private List<TopicPartition> wanted() {
    return fetched.entrySet().stream()
        .filter(each -> each.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .filter(partition -> log.position(partition) < log.end(partition))
        .toList();
  }

  @Override
  public void close() {
    log.close();
  }
}
