package io.postflight.replay;

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
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads spans of a tier's topics: committed records only, each partition to an end that was fixed
 * before. It is no member of any group, so no other reader notices it.
 *
 * <p>A partition is done when the consumer's position has reached the end: the last offsets may
 * belong to transaction markers, which no record ever shows.
 */
final class RangeReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int FETCH_BYTES = 8 << 20;
  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final TierReplay replay;
  private final KafkaConsumer<byte[], byte[]> consumer;

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
    Map<String, Object> config = new HashMap<>(replay.kafka());
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    if (group != null) {
      config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    }
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Closing waits for what is asked for beyond the end.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    config.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        (int) Math.min(Integer.MAX_VALUE, replay.timeout().toMillis()));
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Which offsets belong to a range of time, as things stand now.
   *
   * @param from records appended before this are left out, epoch milliseconds
   * @param to records appended at or after this are left out; null: all there are now
   * @throws ReplayException if the tier's topic is missing, or Kafka does not answer
   */
  Map<TopicPartition, OffsetRange> spans(long from, @Nullable Long to) {
    return asking(
        () -> {
          List<TopicPartition> partitions = partitions();
          askOf(partitions);
          Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
          Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
          Map<TopicPartition, @Nullable OffsetAndTimestamp> firsts = at(partitions, from);
          Map<TopicPartition, @Nullable OffsetAndTimestamp> lasts =
              to == null ? Map.of() : at(partitions, to);
          Map<TopicPartition, OffsetRange> spans = new TreeMap<>(ORDER);
          for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            OffsetAndTimestamp first = firsts.get(partition);
            OffsetAndTimestamp last = lasts.get(partition);
            long begin =
                Math.max(begins.getOrDefault(partition, 0L), first == null ? end : first.offset());
            long stop = last == null ? end : Math.min(end, last.offset());
            spans.put(partition, new OffsetRange(Math.min(begin, stop), stop));
          }
          return spans;
        });
  }

  /**
   * The oldest record of each partition that has lost older ones to its topic's retention, epoch
   * milliseconds.
   */
  Map<TopicPartition, Long> oldest(Set<TopicPartition> partitions) {
    return asking(
        () -> {
          Map<TopicPartition, Long> times = new HashMap<>();
          askOf(partitions);
          Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
          at(new ArrayList<>(partitions), 0L)
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
    Map<TopicPartition, Long> positions = new HashMap<>();
    Set<TopicPartition> open = new HashSet<>();
    spans.forEach(
        (partition, span) -> {
          positions.put(partition, span.from());
          if (!span.isEmpty()) {
            open.add(partition);
          }
        });
    consumer.assign(open);
    consumer.resume(open); // those that an earlier read has come to the end of
    open.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
    long silence = 0;
    while (!open.isEmpty()) {
      long asked = System.nanoTime();
      ConsumerRecords<byte[], byte[]> polled = poll();
      silence += System.nanoTime() - asked;
      if (handOn(polled, spans, open, positions, sink)) {
        silence = 0;
      } else if (silence > replay.timeout().toNanos()) {
        throw ReplayException.unavailable(
            "Kafka at " + replay.kafka().get("bootstrap.servers") + " has fallen silent", null);
      }
      if (!sink.polled(positions)) {
        return open.isEmpty();
      }
    }
    return true;
  }

  private boolean handOn(
      ConsumerRecords<byte[], byte[]> polled,
      Map<TopicPartition, OffsetRange> spans,
      Set<TopicPartition> open,
      Map<TopicPartition, Long> positions,
      Sink sink)
      throws InterruptedException {
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      OffsetRange span = spans.get(new TopicPartition(record.topic(), record.partition()));
      if (span != null && record.offset() < span.to()) {
        sink.record(record);
      }
    }
    boolean moved = false;
    List<TopicPartition> done = new ArrayList<>();
    for (TopicPartition partition : open) {
      long end = spanOf(spans, partition).to();
      long position = Math.min(end, asking(() -> consumer.position(partition)));
      Long before = positions.put(partition, position);
      moved |= before == null || before < position;
      if (position >= end) {
        done.add(partition);
      }
    }
    done.forEach(open::remove);
    consumer.pause(done);
    return moved;
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
    Map<String, List<PartitionInfo>> known = consumer.listTopics();
    for (String topic : replay.topics()) {
      List<PartitionInfo> infos = known.getOrDefault(topic, List.of());
      if (infos.isEmpty() && topic.equals(replay.topics().get(0))) {
        throw ReplayException.invalid(
            "topic '" + topic + "' is missing; 'postflight topics apply' makes it");
      }
      infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    partitions.sort(ORDER);
    return partitions;
  }

  /** Of partitions that are not its own the client warns in the log, once for each and question. */
  private void askOf(Collection<TopicPartition> partitions) {
    consumer.assign(partitions);
  }

  private Map<TopicPartition, @Nullable OffsetAndTimestamp> at(
      List<TopicPartition> partitions, long time) {
    Map<TopicPartition, Long> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, Math.max(0, time)));
    return consumer.offsetsForTimes(asked);
  }

  private ConsumerRecords<byte[], byte[]> poll() throws InterruptedException {
    try {
      return consumer.poll(POLL);
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

  private static OffsetRange spanOf(
      Map<TopicPartition, OffsetRange> spans, TopicPartition partition) {
    OffsetRange span = spans.get(partition);
    if (span == null) {
      throw new IllegalStateException("no span for " + partition);
    }
    return span;
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
  }
}
