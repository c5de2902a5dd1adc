package io.postflight.devstack.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  private static final int FOUR_MEBIBYTES = 4 * 1024 * 1024;

  @TempDir Path directory;

  @Test
  void records_and_topics_survive_a_restart_on_the_same_port() throws Exception {
    String firstAddress;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      firstAddress = kafka.bootstrapServers();
      kafka.createTopics(new NewTopic("kept", 2, (short) 1));
      kafka.createTopics(new NewTopic("kept", 2, (short) 1));
      produce(kafka, "kept", new byte[] {1, 2, 3});
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      assertThat(kafka.bootstrapServers()).isEqualTo(firstAddress);
      assertThat(consume(kafka, "kept", 1)).containsExactly(new byte[] {1, 2, 3});
    }
  }

  @Test
  void a_record_of_four_mebibytes_passes_where_the_topic_allows_it() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      kafka.createTopics(
          new NewTopic("large", 1, (short) 1)
              .configs(Map.of("max.message.bytes", Integer.toString(FOUR_MEBIBYTES + 65_536))));
      byte[] value = new byte[FOUR_MEBIBYTES];
      produce(kafka, "large", value);
      assertThat(consume(kafka, "large", 1)).containsExactly(value);
    }
  }

  static void produce(EmbeddedKafka kafka, String topic, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "max.request.size",
                2 * FOUR_MEBIBYTES,
                "acks",
                "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
    }
  }

  static List<byte[]> consume(EmbeddedKafka kafka, String topic, int count) {
    List<byte[]> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(500)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
