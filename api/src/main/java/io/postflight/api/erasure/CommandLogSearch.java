package io.postflight.api.erasure;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/** Finds one old command: its id tells when it was appended, about. */
final class CommandLogSearch {
  /** By how much the clocks of those who append may differ from the id's time. */
  private static final long SLACK_MILLIS = 3_600_000;

  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final Deserializer<Erasure> deserializer;
  private final Duration timeout;

  CommandLogSearch(
      Consumer<byte[], byte[]> consumer,
      String topic,
      Deserializer<Erasure> deserializer,
      Duration timeout) {
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
    this.deserializer = deserializer;
    this.timeout = timeout;
  }

  /**
   * The command, then its notice. A notice that was appended so much later that time runs out
   * before it is left out.
   *
   * @throws TimeoutException if time runs out before the command is found
   */
  List<Erasure> find(String id) {
    List<Erasure> found = new ArrayList<>(2);
    OptionalLong time = ErasureIds.timeOf(id);
    if (time.isEmpty()) {
      return found;
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    byte[] key = id.getBytes(StandardCharsets.UTF_8);
    consumer.assign(Set.of(partition));
    long end = consumer.endOffsets(Set.of(partition), timeout).getOrDefault(partition, 0L);
    OffsetAndTimestamp first =
        consumer
            .offsetsForTimes(
                Map.of(partition, Math.max(0, time.getAsLong() - SLACK_MILLIS)), timeout)
            .get(partition);
    if (first == null) {
      return found;
    }
    consumer.seek(partition, first.offset());
    while (consumer.position(partition, timeout) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (Arrays.equals(key, record.key()) && record.value() != null) {
          found.add(deserializer.deserialize(partition.topic(), record.headers(), record.value()));
          if (found.get(found.size() - 1).getCompletedAt() != null) {
            return found;
          }
        }
      }
      if (System.nanoTime() - deadline > 0) {
        if (found.isEmpty()) {
          throw new TimeoutException("the ledger was read for " + timeout + " without an end");
        }
        return found;
      }
    }
    return found;
  }
}
