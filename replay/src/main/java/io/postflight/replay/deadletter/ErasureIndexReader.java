package io.postflight.replay.deadletter;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * The ledger of erasures, read on and on: what is covered as of the last {@link #catchUp}.
 *
 * <p>Not thread-safe.
 */
final class ErasureIndexReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Serde<Erasure> serde;
  private final TopicPartition partition;
  private final Duration timeout;
  private final ErasureIndex index = new ErasureIndex();

  private ErasureIndexReader(
      Consumer<byte[], byte[]> consumer,
      Serde<Erasure> serde,
      TopicPartition partition,
      Duration timeout) {
    this.consumer = consumer;
    this.serde = serde;
    this.partition = partition;
    this.timeout = timeout;
  }

  /**
   * Opens it; {@link #catchUp} reads.
   *
   * @throws MissingTopicException if there is no ledger: then nobody can say what was erased
   */
  static ErasureIndexReader open(
      Map<String, ?> kafka, String topic, AvroSerdes serdes, Duration timeout) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Closing waits for what is asked for beyond the end.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      TopicPartition partition = only(consumer, topic, timeout);
      consumer.assign(Set.of(partition));
      consumer.seekToBeginning(Set.of(partition));
      return new ErasureIndexReader(consumer, serdes.value(Erasure.class), partition, timeout);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private static TopicPartition only(Consumer<?, ?> consumer, String topic, Duration timeout) {
    List<PartitionInfo> partitions;
    try {
      partitions = consumer.partitionsFor(topic, timeout);
    } catch (UnknownTopicOrPartitionException missing) {
      throw new MissingTopicException(topic);
    }
    if (partitions == null || partitions.size() != 1) {
      throw new MissingTopicException(topic);
    }
    return new TopicPartition(topic, 0);
  }

  /**
   * Reads to the present end.
   *
   * @return whether a command came in
   * @throws TimeoutException if Kafka does not answer
   */
  boolean catchUp() {
    long end = consumer.endOffsets(Set.of(partition), timeout).getOrDefault(partition, 0L);
    long answered = System.nanoTime();
    long position = consumer.position(partition, timeout);
    boolean commands = false;
    while (position < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.value() != null) {
          Erasure command =
              serde.deserializer().deserialize(record.topic(), record.headers(), record.value());
          index.add(command);
          commands |= command.getCompletedAt() == null;
        }
      }
      long next = consumer.position(partition, timeout);
      if (next > position) {
        answered = System.nanoTime();
      } else if (System.nanoTime() - answered > timeout.toNanos()) {
        throw new TimeoutException("reading topic '" + partition.topic() + "', Kafka fell silent");
      }
      position = next;
    }
    return commands;
  }

  ErasureIndex index() {
    return index;
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    serde.close();
  }
}
