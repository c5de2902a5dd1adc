package io.postflight.replay.deadletter;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic once, committed records only, from a time to the end that it has when the reading
 * begins, all partitions merged by the records' time. Holds no more than a few fetches.
 *
 * <p>Not thread-safe.
 */
final class TopicScan implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int FETCH_BYTES = 8 << 20;

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final Duration timeout;
  private final Map<TopicPartition, Part> parts = new HashMap<>();
  private final Map<Integer, Long> firstOffsets = new HashMap<>();
  private long total;

  /** A partition on its way: what was fetched of it and not yet handed on. */
  private static final class Part {
    final long end;
    final Deque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
    long position;

    Part(long position, long end) {
      this.position = position;
      this.end = end;
    }
  }

  private TopicScan(Consumer<byte[], byte[]> consumer, String topic, Duration timeout) {
    this.consumer = consumer;
    this.topic = topic;
    this.timeout = timeout;
  }

  /**
   * Begins to read.
   *
   * @param from records before this are left out, epoch milliseconds; 0: all
   * @param to records from this on are left out, epoch milliseconds; {@link Long#MAX_VALUE}: none
   * @param timeout how long Kafka may answer nothing
   * @throws MissingTopicException if there is no such topic
   * @throws TimeoutException if Kafka does not answer
   */
  static TopicScan open(Map<String, ?> kafka, String topic, long from, long to, Duration timeout) {
    TopicScan scan = new TopicScan(consumer(kafka), topic, timeout);
    try {
      scan.begin(from, to);
      return scan;
    } catch (RuntimeException e) {
      scan.close();
      throw e;
    }
  }

  /**
   * One record by its place.
   *
   * @return null: none stands there
   * @throws MissingTopicException if there is no such topic
   * @throws TimeoutException if Kafka does not answer
   */
  static @Nullable ConsumerRecord<byte[], byte[]> at(
      Map<String, ?> kafka, String topic, DeadLetterId id, Duration timeout) {
    try (TopicScan scan = new TopicScan(consumer(kafka), topic, timeout)) {
      return scan.find(new TopicPartition(topic, id.partition()), id.offset());
    }
  }

  private @Nullable ConsumerRecord<byte[], byte[]> find(TopicPartition partition, long offset) {
    Set<TopicPartition> only = Set.of(partition);
    if (!partitions().contains(partition)
        || offset < consumer.beginningOffsets(only, timeout).getOrDefault(partition, 0L)
        || offset >= consumer.endOffsets(only, timeout).getOrDefault(partition, 0L)) {
      return null;
    }
    consumer.assign(only);
    consumer.seek(partition, offset);
    parts.put(partition, new Part(offset, offset + 1));
    return next();
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, ?> kafka) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Closing waits for what is asked for beyond the end.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void begin(long from, long to) {
    Set<TopicPartition> all = partitions();
    consumer.assign(all);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(all, timeout);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all, timeout);
    Map<TopicPartition, Long> starts = from <= 0 ? begins : offsetsAt(all, from, ends);
    Map<TopicPartition, Long> stops = to == Long.MAX_VALUE ? ends : offsetsAt(all, to, ends);
    for (TopicPartition partition : all) {
      long first = begins.getOrDefault(partition, 0L);
      long end =
          Math.min(stops.getOrDefault(partition, first), ends.getOrDefault(partition, first));
      long start = Math.max(first, starts.getOrDefault(partition, first));
      firstOffsets.put(partition.partition(), first);
      if (start < end) {
        consumer.seek(partition, start);
        parts.put(partition, new Part(start, end));
        total += end - start;
      }
    }
    consumer.assign(parts.keySet());
    parts.forEach((partition, part) -> consumer.seek(partition, part.position));
  }

  private Set<TopicPartition> partitions() {
    List<PartitionInfo> found;
    try {
      found = consumer.partitionsFor(topic, timeout);
    } catch (UnknownTopicOrPartitionException missing) {
      throw new MissingTopicException(topic);
    }
    if (found == null || found.isEmpty()) {
      throw new MissingTopicException(topic);
    }
    return found.stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .collect(Collectors.toSet());
  }

  private Map<TopicPartition, Long> offsetsAt(
      Set<TopicPartition> partitions, long time, Map<TopicPartition, Long> otherwise) {
    Map<TopicPartition, OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            partitions.stream().collect(Collectors.toMap(Function.identity(), each -> time)),
            timeout);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp at = found.get(partition);
      offsets.put(partition, at == null ? otherwise.getOrDefault(partition, 0L) : at.offset());
    }
    return offsets;
  }

  /** How many offsets are read in all: records, and a transaction's markers. */
  long total() {
    return total;
  }

  /** How many of them are done. */
  long done() {
    return total
        - parts.values().stream()
            .mapToLong(
                part ->
                    part.end
                        - (part.fetched.isEmpty()
                            ? Math.min(part.position, part.end)
                            : part.fetched.getFirst().offset()))
            .sum();
  }

  /** Per partition, the first offset that there is. */
  Map<Integer, Long> firstOffsets() {
    return Map.copyOf(firstOffsets);
  }

  /**
   * The next record.
   *
   * @return null: there is no more
   * @throws TimeoutException if Kafka falls silent
   */
  @Nullable ConsumerRecord<byte[], byte[]> next() {
    fill();
    Part oldest = null;
    for (Part part : parts.values()) {
      if (!part.fetched.isEmpty() && (oldest == null || isBefore(part, oldest))) {
        oldest = part;
      }
    }
    return oldest == null ? null : oldest.fetched.removeFirst();
  }

  private static boolean isBefore(Part one, Part other) {
    ConsumerRecord<byte[], byte[]> a = one.fetched.getFirst();
    ConsumerRecord<byte[], byte[]> b = other.fetched.getFirst();
    return a.timestamp() != b.timestamp()
        ? a.timestamp() < b.timestamp()
        : a.partition() < b.partition();
  }

  /** Until of each partition a record is there, or nothing more can come. */
  private void fill() {
    long answered = System.nanoTime();
    while (parts.values().stream().anyMatch(TopicScan::isWanted)) {
      List<TopicPartition> wanted = new ArrayList<>();
      List<TopicPartition> waiting = new ArrayList<>();
      parts.forEach((partition, part) -> (isWanted(part) ? wanted : waiting).add(partition));
      consumer.pause(waiting);
      consumer.resume(wanted);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        Part part = parts.get(new TopicPartition(record.topic(), record.partition()));
        if (part != null && record.offset() < part.end) {
          part.fetched.addLast(record);
        }
      }
      boolean moved = false;
      for (TopicPartition partition : wanted) {
        moved |= move(partition);
      }
      if (moved) {
        answered = System.nanoTime();
      } else if (System.nanoTime() - answered > timeout.toNanos()) {
        throw new TimeoutException("reading topic '" + topic + "', Kafka fell silent");
      }
    }
  }

  private boolean move(TopicPartition partition) {
    Part part = parts.get(partition);
    long position = consumer.position(partition, timeout);
    if (part == null || position == part.position) {
      return false;
    }
    part.position = position;
    return true;
  }

  private static boolean isWanted(Part part) {
    return part.fetched.isEmpty() && part.position < part.end;
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
