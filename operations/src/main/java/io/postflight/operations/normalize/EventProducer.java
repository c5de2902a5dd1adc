package io.postflight.operations.normalize;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RecordKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Appends events to {@code events} in the records that the normalizer makes of them. */
final class EventProducer implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final String topic;
  private final Serde<MessageEvent> serde;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /**
   * Opens a producer.
   *
   * @param kafka client settings
   * @param timeout how long Kafka may take to acknowledge a record
   */
  EventProducer(Map<String, String> kafka, String topic, AvroSerdes serdes, Duration timeout) {
    this.topic = topic;
    this.serde = serdes.value(MessageEvent.class);
    Map<String, Object> config = new HashMap<>(kafka);
    int millis = Math.toIntExact(timeout.toMillis());
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis + 5);
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends an event, which {@link #flush} awaits. */
  void send(MessageEvent event, Headers headers) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                topic,
                null,
                event.getReceivedAt(),
                RecordKeys.ofEvent(event).getBytes(StandardCharsets.UTF_8),
                serde.serializer().serialize(topic, event),
                headers),
            (at, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
  }

  /**
   * Awaits all events that were sent.
   *
   * @throws KafkaException if one was not acknowledged
   */
  void flush() {
    producer.flush();
    Exception first = failure.get();
    if (first != null) {
      throw first instanceof KafkaException known ? known : new KafkaException(first);
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE);
    serde.close();
  }
}
