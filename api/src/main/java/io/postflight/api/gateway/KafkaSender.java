package io.postflight.api.gateway;

import com.linecorp.armeria.common.util.ThreadFactories;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a topic and completes within a bounded time.
 *
 * <p>{@code KafkaProducer.send} blocks for metadata or buffer memory for up to {@code
 * max.block.ms}. Here that is 0, so that it refuses a record instead, and small records can be sent
 * from an event loop. What is refused or large, and what a serializer makes, which may block for
 * its registry, is sent by a dedicated thread, which tries again. While its queue is not empty, all
 * records join it: otherwise event loops would take all memory that becomes free, and a large
 * record, which needs much at once, would never be sent. The queue is bounded by the callers. A
 * record that timed out in the queue is not sent, since its caller has reported that nothing was
 * done. One that is in flight may still be stored.
 */
public final class KafkaSender implements AutoCloseable {
  /** Bodies that take too long on an event loop, to be verified and compressed, in bytes. */
  static final int LARGE = 128 * 1024;

  private static final int BATCH = 128 * 1024;

  /** Kafka does not report when metadata or memory becomes available. */
  private static final long RETRY_MILLIS = 10;

  private static final long TICK_MILLIS = 20;

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final Duration timeout;
  private final ExecutorService thread;

  /** Records that the thread has not sent yet. */
  private final AtomicInteger queued = new AtomicInteger();

  private final HashedWheelTimer timer;

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
    this.timer =
        new HashedWheelTimer(
            ThreadFactories.newThreadFactory("postflight-sender-timeouts-" + topic, true),
            TICK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Configuration of a producer for the default of {@code gateway.maxBuffered}, one partition. */
  public static Map<String, Object> producerConfig(Map<String, ?> connection) {
    return producerConfig(connection, GatewaySettings.DEFAULTS.maxBuffered(), 1);
  }

  /**
   * Configuration of a producer: acks=all, idempotent, timeouts of seconds (a webhook's provider
   * retries), records of up to 4 MiB. It never blocks.
   *
   * @param connection client settings, such as {@code bootstrap.servers}; cannot override
   *     durability
   * @param buffered bytes of the records that may be unacknowledged at a time: its memory, besides
   *     a batch per partition that is not full
   * @param partitions that it sends to
   */
  public static Map<String, Object> producerConfig(
      Map<String, ?> connection, long buffered, int partitions) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, buffered + (long) partitions * BATCH);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
    config.putAll(connection);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
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
   * Appends a record; does not block.
   *
   * @return completes once all in-sync replicas have it; fails with the exception of Kafka, or with
   *     a {@link java.util.concurrent.TimeoutException}
   */
  public CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
    Acknowledgement acknowledged = acknowledgement();
    boolean direct = queued.get() == 0 && record.value().length <= LARGE;
    if (!acknowledged.isDone() && !(direct && offer(record, acknowledged))) {
      queue(() -> record, acknowledged);
    }
    return acknowledged;
  }

  /**
   * The same with a record that is created on the sender's thread.
   *
   * @return fails with the exception of the supplier too
   */
  public CompletableFuture<Void> send(Supplier<ProducerRecord<byte[], byte[]>> record) {
    Acknowledgement acknowledged = acknowledgement();
    queue(record, acknowledged);
    return acknowledged;
  }

  private Acknowledgement acknowledgement() {
    Acknowledgement acknowledged = new Acknowledgement();
    try {
      acknowledged.timeout =
          timer.newTimeout(
              expired ->
                  acknowledged.completeExceptionally(new java.util.concurrent.TimeoutException()),
              timeout.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (IllegalStateException closed) {
      acknowledged.completeExceptionally(closed);
    }
    return acknowledged;
  }

  private void queue(
      Supplier<ProducerRecord<byte[], byte[]>> record, Acknowledgement acknowledged) {
    queued.incrementAndGet();
    try {
      thread.execute(() -> send(record, acknowledged));
    } catch (RejectedExecutionException closed) {
      queued.decrementAndGet();
      acknowledged.fail(closed);
    }
  }

  private void send(
      Supplier<ProducerRecord<byte[], byte[]>> supplier, Acknowledgement acknowledged) {
    try {
      if (acknowledged.isDone()) {
        return;
      }
      ProducerRecord<byte[], byte[]> record = supplier.get();
      while (!acknowledged.isDone() && !offer(record, acknowledged)) {
        Thread.sleep(RETRY_MILLIS);
      }
    } catch (RuntimeException refused) {
      acknowledged.fail(refused);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      acknowledged.fail(closed);
    } finally {
      queued.decrementAndGet();
    }
  }

  /** False, and nothing is sent, if the producer has no metadata or memory for the record now. */
  private boolean offer(ProducerRecord<byte[], byte[]> record, Acknowledgement acknowledged) {
    Attempt attempt = new Attempt(acknowledged);
    try {
      // The callback receives the outcome.
      var unused = producer.send(record, attempt);
    } catch (RuntimeException refused) {
      acknowledged.fail(refused);
    }
    return !attempt.refused;
  }

  /** Its timeout, and what is in it, would otherwise be kept until it expires. */
  private static final class Acknowledgement extends CompletableFuture<Void> {
    private @Nullable Timeout timeout;

    void succeed() {
      end();
      complete(null);
    }

    void fail(Exception cause) {
      end();
      completeExceptionally(cause);
    }

    private void end() {
      if (timeout != null) {
        timeout.cancel();
      }
    }
  }

  /** A timeout that is reported while the record is passed on is a refusal. */
  private static final class Attempt implements Callback {
    private final Acknowledgement acknowledged;
    private final Thread sender = Thread.currentThread();
    private boolean refused;

    Attempt(Acknowledgement acknowledged) {
      this.acknowledged = acknowledged;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
      if (failure == null) {
        acknowledged.succeed();
      } else if (failure instanceof TimeoutException && Thread.currentThread() == sender) {
        refused = true;
      } else {
        acknowledged.fail(failure);
      }
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
    var unused = timer.stop();
  }
}
