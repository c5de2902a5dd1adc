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
 * Appends to {@code raw.webhooks}, and answers within a bounded time whether Kafka has it.
 *
 * <p>{@code KafkaProducer.send} may block for metadata or for room, so one thread of its own calls
 * it, never an event loop. What waits before that thread is bounded by the {@link BufferBudget}
 * that every request draws from, and a request whose time is over is not sent any more: its sender
 * has been told to come again. One that is under way may still arrive; the event's id makes the
 * second harmless.
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
   * @return completes once all in-sync replicas have it; fails with what Kafka said, or with a
   *     {@link java.util.concurrent.TimeoutException}
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
      // The callback is told; the future would say the same.
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

  /** Sends what waits, then stops. The producer is not ours to close. */
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
