package io.postflight.schema.erasure;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.NullMarked;

/**
 * Reads the ledger of erasures, each time to its current end. Not thread-safe.
 *
 * <p>A record that cannot be deserialized fails the read: the ledger would be incomplete without
 * it.
 */
@NullMarked
public final class ErasureLedger implements AutoCloseable {
  private final TopicLog log;
  private final String topic;
  private final Serde<Erasure> serde;

  private ErasureLedger(TopicLog log, String topic, Serde<Erasure> serde) {
    this.log = log;
    this.topic = topic;
    this.serde = serde;
  }

  /**
   * Opens the ledger at its beginning.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @param topic the ledger's
   * @param timeout how long Kafka may return nothing
   * @throws io.postflight.schema.topic.MissingTopicException if the topic is missing
   * @throws TimeoutException if Kafka does not respond
   */
  public static ErasureLedger open(
      Map<String, ?> kafka, String topic, AvroSerdes serdes, Duration timeout) {
    ErasureLedger ledger =
        new ErasureLedger(TopicLog.open(kafka, timeout), topic, serdes.value(Erasure.class));
    try {
      ledger.seek(0);
      return ledger;
    } catch (RuntimeException failure) {
      ledger.close();
      throw failure;
    }
  }

  /** Seeks to the first record written at or after a time, epoch milliseconds; 0: to the first. */
  public void seek(long time) {
    TopicPartition partition = log.onlyPartition(topic);
    Map<TopicPartition, OffsetRange> ranges = log.ranges(List.of(partition), time, Long.MAX_VALUE);
    log.seek(ranges);
  }

  /**
   * Passes on each record, commands and completion notices, from where the last call ended, up to
   * every command that was durable when this was called.
   *
   * @throws TimeoutException if Kafka does not respond
   * @throws KafkaException if a record cannot be read
   */
  public void read(Consumer<Erasure> each) {
    log.extend();
    log.readToEnd(
        record -> {
          if (record.value() != null) {
            each.accept(serde.deserializer().deserialize(topic, record.headers(), record.value()));
          }
        });
  }

  @Override
  public void close() {
    log.close();
    serde.close();
  }
}
