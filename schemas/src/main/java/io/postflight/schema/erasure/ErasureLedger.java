package io.postflight.schema.erasure;

import io.postflight.schema.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Reads the ledger of erasures from a point to the end that it has when the reading begins. */
@NullMarked
public final class ErasureLedger {
  private static final Duration POLL = Duration.ofSeconds(1);

  private ErasureLedger() {}

  /**
   * Hands on each record of the ledger in order, commands and completion notices. Afterwards every
   * command is known that was durable when this was called.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @param topic the ledger
   * @param from records written before this are left out, epoch milliseconds; 0: all
   * @param patience how long Kafka may answer nothing before this gives up
   * @throws TimeoutException if Kafka does not answer
   * @throws KafkaException if the topic is missing, or a record cannot be read: a ledger of which
   *     something is not understood must not be taken for whole
   */
  public static void read(
      Map<String, ?> kafka,
      String topic,
      AvroSerdes serdes,
      long from,
      Duration patience,
      Consumer<Erasure> each) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Closing waits for what is asked for beyond the end.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Serde<Erasure> serde = serdes.value(Erasure.class)) {
      TopicPartition partition = only(consumer.partitionsFor(topic, patience), topic);
      consumer.assign(Set.of(partition));
      long end = consumer.endOffsets(Set.of(partition), patience).getOrDefault(partition, 0L);
      seek(consumer, partition, from, end, patience);
      long answered = System.nanoTime();
      long position = consumer.position(partition, patience);
      while (position < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < end && record.value() != null) {
            each.accept(serde.deserializer().deserialize(topic, record.headers(), record.value()));
          }
        }
        long next = consumer.position(partition, patience);
        if (next > position) {
          answered = System.nanoTime();
        } else if (System.nanoTime() - answered > patience.toNanos()) {
          throw new TimeoutException(
              "topic '%s' has been read to %d of %d, then Kafka fell silent"
                  .formatted(topic, next, end));
        }
        position = next;
      }
    }
  }

  /** All commands of the ledger; arguments and failures as above. */
  public static ErasureIndex index(
      Map<String, ?> kafka, String topic, AvroSerdes serdes, Duration patience) {
    ErasureIndex index = new ErasureIndex();
    read(kafka, topic, serdes, 0, patience, index::add);
    return index;
  }

  private static void seek(
      KafkaConsumer<?, ?> consumer,
      TopicPartition partition,
      long from,
      long end,
      Duration patience) {
    if (from <= 0) {
      consumer.seekToBeginning(Set.of(partition));
      return;
    }
    OffsetAndTimestamp first =
        consumer.offsetsForTimes(Map.of(partition, from), patience).get(partition);
    consumer.seek(partition, first == null ? end : first.offset());
  }

  private static TopicPartition only(@Nullable List<PartitionInfo> partitions, String topic) {
    if (partitions == null || partitions.size() != 1) {
      throw new KafkaException(
          "the ledger '%s' has %d partitions; exactly one is allowed ('postflight topics apply' makes it)"
              .formatted(topic, partitions == null ? 0 : partitions.size()));
    }
    return new TopicPartition(topic, 0);
  }
}
