package io.postflight.bench.workload;

import io.postflight.settings.DeploymentSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Appends records that roles are to process. Not thread-safe. */
public final class Appender implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** To the topics of a deployment. */
  public Appender(DeploymentSettings settings) {
    Map<String, Object> kafka = new HashMap<>(settings.kafka().clientProperties());
    kafka.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    kafka.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    this.producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Appends a record; {@link #flush} awaits it. */
  public void send(ProducerRecord<byte[], byte[]> record) {
    Future<RecordMetadata> unused =
        producer.send(record, (metadata, refused) -> failure.compareAndSet(null, refused));
  }

  /**
   * Returns once all records are appended.
   *
   * @throws IllegalStateException if one is not
   */
  public void flush() {
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException("a record was not appended", failure.get());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
