package io.postflight.replay;

import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Reads spans of a tier's topics, all partitions at a time, and keeps offsets for a job that may be
 * resumed. It is no member of any group, so it does not affect other readers.
 */
final class RangeReader implements AutoCloseable {
  private final TierReplay replay;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicLog log;

  /** Receives records. */
  @FunctionalInterface
  interface Sink {
    /** Handles one record; those of one partition arrive in order. */
    void record(ConsumerRecord<byte[], byte[]> record) throws InterruptedException;

    /**
     * Called after each poll, even an empty one.
     *
     * @param positions offset after the last record processed, by partition
     */
    default void polled(Map<TopicPartition, Long> positions) throws InterruptedException {}
  }

  /**
   * @param group consumer group for {@link #commit}; null: none
   */
  RangeReader(TierReplay replay, @Nullable String group) {
    this.replay = replay;
    Map<String, Object> config = TopicLog.consumerSettings(replay.kafka(), replay.timeout());
    if (group != null) {
      config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    }
    consumer = TopicLog.consumer(config);
    log = new TopicLog(consumer, replay.timeout());
  }

  /**
   * Resolves a time to current offsets, up to the current ends.
   *
   * @throws ReplayException if the tier's topic is missing, or Kafka is unavailable
   */
  Map<TopicPartition, OffsetRange> spansFrom(long from) {
    return mapped(() -> log.ranges(partitions(), from, Long.MAX_VALUE));
  }

  /**
   * Resolves a time range to current offsets.
   *
   * @param from excludes records appended before this, epoch milliseconds
   * @param to excludes records appended at or after this; null: up to the current end
   * @throws ReplayException if the tier's topic is missing, or Kafka is unavailable
   */
  Map<TopicPartition, OffsetRange> spans(long from, @Nullable Long to) {
    return to == null ? spansFrom(from) : mapped(() -> log.ranges(partitions(), from, to));
  }

  /** All offsets of another topic; empty if it is missing. */
  Map<TopicPartition, OffsetRange> spansOf(String topic) {
    return mapped(
        () -> {
          try {
            return log.ranges(log.partitions(topic), 0, Long.MAX_VALUE);
          } catch (MissingTopicException missing) {
            return Map.of();
          }
        });
  }

  /**
   * Timestamp of the oldest record of each partition whose earlier records were deleted by
   * retention, epoch milliseconds.
   */
  Map<TopicPartition, Long> oldest(Set<TopicPartition> partitions) {
    return mapped(
        () -> {
          Map<TopicPartition, Long> times = new HashMap<>();
          consumer.assign(partitions); // of others the client warns in the log
          Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
          consumer
              .offsetsForTimes(
                  partitions.stream().collect(Collectors.toMap(Function.identity(), each -> 0L)))
              .forEach(
                  (partition, first) -> {
                    if (first != null && begins.getOrDefault(partition, 0L) > 0) {
                      times.put(partition, first.timestamp());
                    }
                  });
          return times;
        });
  }

  /**
   * Passes all records of the ranges to the sink.
   *
   * @throws ReplayException if Kafka is unavailable
   */
  void read(Map<TopicPartition, OffsetRange> spans, Sink sink) throws InterruptedException {
    var unused = read(spans, () -> true, sink);
  }

  /**
   * Passes records of the ranges to the sink, for as long as more are wanted.
   *
   * @param more called before each poll
   * @return what is left of the ranges
   * @throws ReplayException if Kafka is unavailable
   */
  Map<TopicPartition, OffsetRange> read(
      Map<TopicPartition, OffsetRange> spans, BooleanSupplier more, Sink sink)
      throws InterruptedException {
    log.seek(spans);
    while (!log.isDone() && more.getAsBoolean()) {
      for (ConsumerRecord<byte[], byte[]> record : mapped(log::poll)) {
        sink.record(record);
      }
      sink.polled(log.positions());
    }
    Map<TopicPartition, OffsetRange> left = new TreeMap<>(TopicLog.ORDER);
    log.positions()
        .forEach(
            (partition, position) -> {
              if (position < log.end(partition)) {
                left.put(partition, new OffsetRange(position, log.end(partition)));
              }
            });
    return left;
  }

  /** Commits offsets to the group. */
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    mapped(
        () -> {
          consumer.commitSync(offsets);
          return true;
        });
  }

  /** The group's committed offsets of the tier's partitions. */
  Map<TopicPartition, OffsetAndMetadata> committed() {
    return mapped(
        () -> {
          Map<TopicPartition, OffsetAndMetadata> kept = new TreeMap<>(TopicLog.ORDER);
          consumer
              .committed(new HashSet<>(partitions()))
              .forEach(
                  (partition, offset) -> {
                    if (offset != null) {
                      kept.put(partition, offset);
                    }
                  });
          return kept;
        });
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    String first = replay.topics().get(0);
    for (String topic : replay.topics()) {
      try {
        partitions.addAll(log.partitions(topic));
      } catch (MissingTopicException missing) {
        if (topic.equals(first)) {
          throw new ReplayException(
              ReplayException.Reason.INVALID, String.valueOf(missing.getMessage()), missing);
        }
      }
    }
    partitions.sort(TopicLog.ORDER);
    return partitions;
  }

  /** Converts Kafka's unchecked interrupt exception. */
  static InterruptedException interrupted(InterruptException cause) {
    boolean unused = Thread.interrupted(); // replaced by the checked exception
    InterruptedException plain = new InterruptedException("interrupted");
    plain.initCause(cause);
    return plain;
  }

  private <T> T mapped(Supplier<T> question) {
    try {
      return question.get();
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (KafkaException failure) {
      throw ReplayException.kafka(
          "Kafka at " + replay.kafka().get("bootstrap.servers") + ": " + failure.getMessage(),
          failure);
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
