package io.postflight.api.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Appends to {@code raw.webhooks} and completes within a bounded time.
 *
 * <p>{@code KafkaProducer.send} may block for metadata or buffer memory, so a dedicated thread
 * calls it, never an event loop. The queue of that thread is bounded by the {@link BufferBudget}. A
 * request that timed out in the queue is not sent, since its sender was asked to retry. One that is
 * in flight may still be stored; the event id makes the duplicate harmless.
 */
final class RawTopic implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final Duration timeout;
  private final ExecutorService sender;

  RawTopic(Producer<byte[], byte[]> producer, String topic, Duration timeout) {
    this.producer = producer;
    this.topic = topic;
    this.timeout = timeout;
    this.sender =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "postflight-raw-sender");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Appends one record without a key.
   *
   * @return completes once all in-sync replicas have it; fails with Kafka's exception or a {@link
   *     java.util.concurrent.TimeoutException}
   */
  CompletableFuture<Void> append(byte[] value, Map<String, String> headers) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    try {
      sender.execute(() -> send(record, acknowledged));
    } catch (RejectedExecutionException closed) {
      acknowledged.completeExceptionally(closed);
    }
    return acknowledged.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void send(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> acknowledged) {
    if (acknowledged.isDone()) {
      return;
    }
    try {
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

  /** Sends what is queued, then stops. Does not close the producer. */
  @Override
  public void close() {
    sender.shutdown();
    try {
      if (!sender.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        sender.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      sender.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
