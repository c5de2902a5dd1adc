package io.postflight.schema.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads partitions of topics from given offsets to captured ends, committed records only, on the
 * caller's thread, without a consumer group and without committing offsets.
 *
 * <p>A partition is done when the consumer's position has reached the end: the last offsets may
 * belong to transaction markers, which are never returned as records. Records that were deleted
 * meanwhile are skipped. Memory is bounded by one fetch, waiting by the timeout: a reader that
 * makes no progress for so long gets a {@link TimeoutException}.
 *
 * <p>{@link TopicFollower} reads beyond the end, on a thread of its own. Not thread-safe.
 */
public final class TopicLog implements AutoCloseable {
  /** By topic, then by number. */
  public static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final int FETCH_BYTES = 8 << 20;

  private final Consumer<byte[], byte[]> consumer;
  private final Duration timeout;
  private final Map<TopicPartition, Long> positions = new TreeMap<>(ORDER);
  private final Map<TopicPartition, Long> ends = new TreeMap<>(ORDER);

  /** How long polls have returned nothing. */
  private long idleNanos;

  /**
   * Reads with a consumer, which is closed with this.
   *
   * @param timeout after which a reader without progress fails
   */
  public TopicLog(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = consumer;
    this.timeout = timeout;
  }

  /**
   * Reads with a consumer of its own.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @param timeout how long Kafka may take to respond, and may return nothing
   */
  public static TopicLog open(Map<String, ?> kafka, Duration timeout) {
    return new TopicLog(consumer(consumerSettings(kafka, timeout)), timeout);
  }

  /** The settings of a consumer that reads to captured ends. */
  public static Map<String, Object> consumerSettings(Map<String, ?> kafka, Duration timeout) {
    Map<String, Object> config = followerSettings(kafka, timeout);
    // Closing awaits the fetch that is open beyond the end.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    return config;
  }

  static Map<String, Object> followerSettings(Map<String, ?> kafka, Duration timeout) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    return config;
  }

  /** A consumer of bytes. */
  public static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * The partitions of a topic.
   *
   * @throws MissingTopicException if there is no such topic
   */
  public List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> found;
    try {
      found = consumer.partitionsFor(topic);
    } catch (UnknownTopicOrPartitionException unknown) {
      throw new MissingTopicException(topic);
    }
    if (found == null || found.isEmpty()) {
      throw new MissingTopicException(topic);
    }
    return found.stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .sorted(ORDER)
        .toList();
  }

  /**
   * The partition of a topic that must have exactly one.
   *
   * @throws MissingTopicException if there is no such topic
   * @throws PartitionCountException if it has more than one partition
   */
  public TopicPartition onlyPartition(String topic) {
    List<TopicPartition> found = partitions(topic);
    if (found.size() != 1) {
      throw new PartitionCountException(topic, found.size());
    }
    return found.get(0);
  }

  /**
   * The offsets of a range of time, up to the current ends.
   *
   * @param from records appended before this are skipped, epoch milliseconds; 0: none
   * @param to records appended at or after this are skipped, epoch milliseconds; {@link
   *     Long#MAX_VALUE}: none
   */
  public Map<TopicPartition, OffsetRange> ranges(
      Collection<TopicPartition> partitions, long from, long to) {
    consumer.assign(partitions); // of others the client warns in the log
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> present = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> firsts = from <= 0 ? begins : offsetsAt(from, present);
    Map<TopicPartition, Long> stops = to == Long.MAX_VALUE ? present : offsetsAt(to, present);
    Map<TopicPartition, OffsetRange> ranges = new TreeMap<>(ORDER);
    for (TopicPartition partition : partitions) {
      long begin = begins.getOrDefault(partition, 0L);
      long end =
          Math.min(stops.getOrDefault(partition, begin), present.getOrDefault(partition, begin));
      long first = Math.max(begin, firsts.getOrDefault(partition, begin));
      ranges.put(partition, new OffsetRange(Math.min(first, end), end));
    }
    return ranges;
  }

  private Map<TopicPartition, Long> offsetsAt(long time, Map<TopicPartition, Long> otherwise) {
    Map<TopicPartition, OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            otherwise.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), partition -> time)));
    Map<TopicPartition, Long> offsets = new HashMap<>(otherwise);
    found.forEach(
        (partition, first) -> {
          if (first != null) {
            offsets.put(partition, first.offset());
          }
        });
    return offsets;
  }

  /** Replaces the ranges to read. */
  public void seek(Map<TopicPartition, OffsetRange> ranges) {
    positions.clear();
    ends.clear();
    consumer.assign(ranges.keySet());
    ranges.forEach(
        (partition, range) -> {
          consumer.seek(partition, range.from());
          positions.put(partition, range.from());
          ends.put(partition, range.to());
        });
    idleNanos = 0;
  }

  /**
   * Moves the ends of the ranges to the current ends of the partitions.
   *
   * @throws KafkaException if a partition ends before what was read of it: it was recreated
   */
  public void extend() {
    Map<TopicPartition, Long> present = consumer.endOffsets(positions.keySet());
    positions.forEach(
        (partition, position) -> {
          if (present.getOrDefault(partition, position) < position) {
            throw new KafkaException(
                partition + " ends before offset " + position + ", up to which it was read");
          }
        });
    ends.putAll(present);
    positions.forEach(consumer::seek); // records beyond the former ends were fetched and dropped
    idleNanos = 0;
  }

  /** Skips the rest of a partition. */
  public void skipRest(TopicPartition partition) {
    ends.put(partition, position(partition));
  }

  /** Passes on all records up to the ends. */
  public void readToEnd(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    while (!isDone()) {
      poll().forEach(each);
    }
  }

  /**
   * The next records, those of one partition in order; maybe none.
   *
   * @throws TimeoutException if there has been no progress for too long
   */
  public List<ConsumerRecord<byte[], byte[]>> poll() {
    return poll(unfinished());
  }

  /** The next records of some partitions; the others are paused. */
  public List<ConsumerRecord<byte[], byte[]>> poll(Collection<TopicPartition> wanted) {
    Set<TopicPartition> others = new HashSet<>(positions.keySet());
    others.removeAll(wanted);
    consumer.pause(others);
    consumer.resume(wanted);
    long start = System.nanoTime();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (record.offset() < end(new TopicPartition(record.topic(), record.partition()))) {
        records.add(record);
      }
    }
    boolean moved = false;
    for (TopicPartition partition : wanted) {
      long position = Math.min(end(partition), consumer.position(partition));
      Long before = positions.put(partition, position);
      moved |= before == null || before != position;
    }
    idleNanos = moved ? 0 : idleNanos + System.nanoTime() - start;
    if (idleNanos > timeout.toNanos()) {
      throw noProgress(wanted);
    }
    return records;
  }

  private TimeoutException noProgress(Collection<TopicPartition> wanted) {
    return new TimeoutException(
        wanted.stream()
            .map(each -> "%s has been read to %d of %d".formatted(each, position(each), end(each)))
            .collect(
                Collectors.joining(
                    ", ", "", ", then Kafka returned nothing for " + timeout.toSeconds() + " s")));
  }

  /** Whether everything has been read. */
  public boolean isDone() {
    return unfinished().isEmpty();
  }

  private List<TopicPartition> unfinished() {
    return positions.keySet().stream().filter(each -> position(each) < end(each)).toList();
  }

  /** Up to which offset each partition has been read; a copy. */
  public Map<TopicPartition, Long> positions() {
    return Map.copyOf(positions);
  }

  /** Up to which offset a partition has been read. */
  public long position(TopicPartition partition) {
    return positions.getOrDefault(partition, 0L);
  }

  /** Up to which offset a partition is read. */
  public long end(TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE));
  }
}
