package io.postflight.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** The memory of a producer. */
final class KafkaSenderTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int SMALL = 1 << 10;
  private static final int LARGE = 512 << 10;
  private static final int PARTITIONS = 8;

  private final String topic = SharedServers.uniqueName("sender");
  private final Random random = new Random(1);

  @Test
  void as_many_bytes_as_the_gateway_buffers_fit_while_kafka_is_unavailable() {
    long buffered = 4 << 20;
    EmbeddedKafka kafka = EmbeddedKafka.start(SharedServers.newDirectory("kafka-memory"));
    kafka.createTopics(new NewTopic(topic, PARTITIONS, (short) 1));
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka, buffered, PARTITIONS);
        KafkaSender sender = new KafkaSender(producer, topic, Duration.ofSeconds(1))) {
      IntStream.range(0, PARTITIONS).forEach(i -> sender.send(record(i, SMALL)).join());
      kafka.close();

      List<CompletableFuture<Void>> sent = new ArrayList<>();
      for (long bytes = 0; bytes < buffered; bytes += SMALL + BufferBudget.OVERHEAD) {
        sent.add(sender.send(record(sent.size() % PARTITIONS, SMALL)));
      }

      assertThat(sent).allSatisfy(each -> assertThat(each).failsWithin(TIMEOUT));
      assertThat(refused(producer)).isZero();
    } finally {
      kafka.close();
    }
  }

  @Test
  void a_small_record_does_not_pass_a_large_one_that_waits_for_memory() {
    EmbeddedKafka kafka = SharedServers.kafka();
    kafka.createTopics(new NewTopic(topic, 1, (short) 1));
    try (ExhaustedProducer producer = new ExhaustedProducer(kafka);
        KafkaSender sender = new KafkaSender(producer, topic, TIMEOUT)) {
      CompletableFuture<Void> large = sender.send(record(0, LARGE));
      await().until(() -> producer.offered.contains(LARGE));

      int before = producer.offered.size();
      CompletableFuture<Void> small = sender.send(record(0, SMALL));
      await().until(() -> producer.offered.size() > before + 2);
      assertThat(producer.offered).containsOnly(LARGE);

      producer.exhausted = false;
      assertThat(large).succeedsWithin(TIMEOUT);
      assertThat(small).succeedsWithin(TIMEOUT);
      assertThat(producer.offered).endsWith(LARGE, SMALL);
    }
  }

  /** A producer that can be out of memory. */
  private static final class ExhaustedProducer extends KafkaProducer<byte[], byte[]> {
    private final List<Integer> offered = new CopyOnWriteArrayList<>();
    private volatile boolean exhausted = true;

    ExhaustedProducer(EmbeddedKafka kafka) {
      super(
          KafkaSender.producerConfig(
              Map.of("bootstrap.servers", kafka.bootstrapServers()), 4 << 20, 1));
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      offered.add(record.value().length);
      if (exhausted) {
        TimeoutException refused = new TimeoutException("no memory");
        callback.onCompletion(null, refused);
        return CompletableFuture.failedFuture(refused);
      }
      return super.send(record, callback);
    }
  }

  private ProducerRecord<byte[], byte[]> record(int partition, int bytes) {
    byte[] incompressible = new byte[bytes];
    random.nextBytes(incompressible);
    return new ProducerRecord<>(topic, partition, null, incompressible);
  }

  private static double refused(KafkaProducer<byte[], byte[]> producer) {
    return producer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("buffer-exhausted-total"))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .sum();
  }

  private static KafkaProducer<byte[], byte[]> producer(
      EmbeddedKafka kafka, long buffered, int partitions) {
    return new KafkaProducer<>(
        KafkaSender.producerConfig(
            Map.of("bootstrap.servers", kafka.bootstrapServers()), buffered, partitions));
  }
}
