package io.postflight.replay;

import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
 * resumed. It is no member of any group, so no other reader notices it.
 */
final class RangeReader implements AutoCloseable {
  static final Comparator<TopicPartition> ORDER = TopicLog.ORDER;

  private final TierReplay replay;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicLog log;

  /** What is done with records. */
  interface Sink {
    /** One record of a span; those of one partition come in order. */
    void record(ConsumerRecord<byte[], byte[]> record) throws InterruptedException;

    /**
     * Called after each poll, whether it brought something or not.
     *
     * @param positions what has been handed on so far, by partition: the offset after it
     * @return whether to go on
     */
    boolean polled(Map<TopicPartition, Long> positions) throws InterruptedException;
  }

  /**
   * @param group where {@link #commit} keeps offsets; null: they are not kept
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
   * Which offsets belong to a range of time, as things stand now.
   *
   * @param from records appended before this are left out, epoch milliseconds
   * @param to records appended at or after this are left out; null: all there are now
   * @throws ReplayException if the tier's topic is missing, or Kafka does not answer
   */
  Map<TopicPartition, OffsetRange> spans(long from, @Nullable Long to) {
    return asking(() -> log.ranges(partitions(), from, to == null ? Long.MAX_VALUE : to));
  }

  /**
   * The oldest record of each partition that has lost older ones to its topic's retention, epoch
   * milliseconds.
   */
  Map<TopicPartition, Long> oldest(Set<TopicPartition> partitions) {
    return asking(
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
   * Hands on all records of spans. Returns when all are handed on, or when the sink does not want
   * to go on.
   *
   * @return whether all were handed on
   * @throws ReplayException if Kafka does not answer
   */
  boolean read(Map<TopicPartition, OffsetRange> spans, Sink sink) throws InterruptedException {
    log.seek(spans);
    while (!log.isDone()) {
      for (ConsumerRecord<byte[], byte[]> record : poll()) {
        sink.record(record);
      }
      if (!sink.polled(log.positions())) {
        return log.isDone();
      }
    }
    return true;
  }

  /** Keeps offsets in the group. */
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    asking(
        () -> {
          consumer.commitSync(offsets);
          return true;
        });
  }

  /** What the group keeps of the tier's partitions; those without are left out. */
  Map<TopicPartition, OffsetAndMetadata> committed() {
    return asking(
        () -> {
          Map<TopicPartition, OffsetAndMetadata> kept = new TreeMap<>(ORDER);
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
              ReplayException.Kind.INVALID, String.valueOf(missing.getMessage()), missing);
        }
      }
    }
    partitions.sort(ORDER);
    return partitions;
  }

  private List<ConsumerRecord<byte[], byte[]>> poll() throws InterruptedException {
    try {
      return log.poll();
    } catch (InterruptException interrupted) {
      throw interrupted(interrupted);
    } catch (KafkaException failure) {
      throw ReplayException.kafka(
          "Kafka at " + replay.kafka().get("bootstrap.servers") + ": " + failure.getMessage(),
          failure);
    }
  }

  /** What Kafka says with an unchecked exception, as others say it. */
  static InterruptedException interrupted(InterruptException cause) {
    boolean unused = Thread.interrupted(); // the checked exception says it instead
    InterruptedException plain = new InterruptedException("interrupted");
    plain.initCause(cause);
    return plain;
  }

  private <T> T asking(Supplier<T> question) {
    try {
      return question.get();
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (KafkaException failure) {
      throw ReplayException.kafka(
          "Kafka at "
              + replay.kafka().get("bootstrap.servers")
              + " does not answer: "
              + failure.getMessage(),
          failure);
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
