package io.postflight.api.gateway;

import com.linecorp.armeria.common.util.ThreadFactories;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Appends to a topic and completes within a bounded time.
 *
 * <p>{@code KafkaProducer.send} may block for metadata or buffer memory, and a serializer for its
 * registry, so a dedicated thread calls them, never an event loop. The queue of that thread is
 * bounded by the callers. A record that timed out in the queue is not sent, since its caller has
 * reported that nothing was done. One that is in flight may still be stored.
 */
public final class KafkaSender implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final Duration timeout;
  private final ExecutorService thread;

  /**
   * Creates a sender.
   *
   * @param producer configured by {@link #producerConfig}; not closed with this
   * @param timeout of an append
   */
  public KafkaSender(Producer<byte[], byte[]> producer, String topic, Duration timeout) {
    this.producer = producer;
    this.topic = topic;
    this.timeout = timeout;
    this.thread =
        Executors.newSingleThreadExecutor(
            ThreadFactories.newThreadFactory("postflight-sender-" + topic, true));
  }

  /**
   * Configuration of a producer: acks=all, idempotent, timeouts of seconds (a webhook's provider
   * retries), records of up to 4 MiB.
   *
   * @param connection client settings, such as {@code bootstrap.servers}; cannot override
   *     durability
   */
  public static Map<String, Object> producerConfig(Map<String, ?> connection) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000L);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
    config.putAll(connection);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 * 1024 * 1024);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return config;
  }

  /** The topic. */
  public String topic() {
    return topic;
  }

  /**
   * Appends a record.
   *
   * @param record creates the record, on the sender's thread
   * @return completes once all in-sync replicas have it; fails with the exception of Kafka or of
   *     the supplier, or with a {@link java.util.concurrent.TimeoutException}
   */
  public CompletableFuture<Void> send(Supplier<ProducerRecord<byte[], byte[]>> record) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    try {
      thread.execute(() -> send(record, acknowledged));
    } catch (RejectedExecutionException closed) {
      acknowledged.completeExceptionally(closed);
    }
    return acknowledged.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void send(
      Supplier<ProducerRecord<byte[], byte[]>> supplier, CompletableFuture<Void> acknowledged) {
    if (acknowledged.isDone()) {
      return;
    }
    try {
      ProducerRecord<byte[], byte[]> record = supplier.get();
      if (acknowledged.isDone()) {
        return;
      }
      // The callback receives the outcome.
      var unused =
          producer.send(
              record,
              (metadata, failure) -> {
                if (failure == null) {
                  acknowledged.complete(null);
                } else {
                  acknowledged.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException refused) {
      acknowledged.completeExceptionally(refused);
    }
  }

  /** Sends what is queued, then stops. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
