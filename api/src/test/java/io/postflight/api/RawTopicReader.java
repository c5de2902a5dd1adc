package io.postflight.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what the gateway has written to a raw topic of one partition. */
final class RawTopicReader implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;

  RawTopicReader(String bootstrap, String topic) {
    this.partition = new TopicPartition(topic, 0);
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "fetch.max.wait.ms", 50),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  long end() {
    Long end = consumer.endOffsets(List.of(partition)).get(partition);
    assertThat(end).isNotNull();
    return end == null ? -1 : end;
  }

  /** The only record written since an offset. */
  ConsumerRecord<byte[], byte[]> only(long offset) {
    assertThat(end()).isEqualTo(offset + 1);
    return since(offset, 1).get(0);
  }

  List<ConsumerRecord<byte[], byte[]>> since(long offset, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    consumer.assign(List.of(partition));
    consumer.seek(partition, offset);
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (records.size() < count && System.nanoTime() < deadline) {
      consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    }
    assertThat(records).hasSize(count);
    return records;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
