package io.postflight.api.erasure;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** The ledger in topic {@code erasures}. */
public final class KafkaCommandLog implements CommandLog {
  private static final int WAITING_LOOK_UPS = 16;

  private final Settings settings;
  private final Producer<byte[], byte[]> producer;
  private final AvroSerdes serdes;
  private final InstantSource clock;

  /** Used by the sender's thread only. */
  private final Serde<Erasure> serde;

  private final ThreadPoolExecutor sender =
      executor("postflight-ledger-sender", new LinkedBlockingQueue<>());
  private final ThreadPoolExecutor searcher =
      executor("postflight-ledger-search", new ArrayBlockingQueue<>(WAITING_LOOK_UPS));
  private @Nullable CommandLogFollower tail;

  /**
   * Where the ledger is.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @param topic the ledger's
   * @param followedFrom how far back it is read when following begins
   * @param appendTimeout how long Kafka has to acknowledge
   * @param searchTimeout how long looking up an old id may take
   */
  public record Settings(
      Map<String, ?> kafka,
      String topic,
      Duration followedFrom,
      Duration appendTimeout,
      Duration searchTimeout) {
    /** With 5 s for an append and 5 s for looking up. */
    public static Settings of(Map<String, ?> kafka, String topic, Duration followedFrom) {
      return new Settings(kafka, topic, followedFrom, Duration.ofSeconds(5), Duration.ofSeconds(5));
    }
  }

  /**
   * Over a topic of one partition.
   *
   * @param producer set as {@link io.postflight.api.gateway.RawProducerConfig} says: idempotent,
   *     acknowledged by all replicas; stays the caller's to close, after the ledger
   * @param serdes that wait for a registry that is away for less than an append may take
   */
  public KafkaCommandLog(
      Settings settings,
      Producer<byte[], byte[]> producer,
      AvroSerdes serdes,
      InstantSource clock) {
    this.settings = settings;
    this.producer = producer;
    this.serdes = serdes;
    this.clock = clock;
    this.serde = serdes.value(Erasure.class);
  }

  @Override
  public CompletableFuture<Void> append(Erasure entry) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    onThread(sender, acknowledged, () -> send(entry, acknowledged));
    return acknowledged.orTimeout(settings.appendTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized CompletableFuture<Void> follow(Consumer<Erasure> each) {
    if (tail != null) {
      throw new IllegalStateException("the ledger is followed already");
    }
    tail =
        new CommandLogFollower(
            consumer(),
            settings.topic(),
            serdes.value(Erasure.class),
            clock.millis() - settings.followedFrom().toMillis(),
            each);
    return tail.start();
  }

  @Override
  public CompletableFuture<List<Erasure>> find(String id) {
    CompletableFuture<List<Erasure>> found = new CompletableFuture<>();
    onThread(searcher, found, () -> found.complete(search(id)));
    return found;
  }

  @Override
  public synchronized void close() {
    sender.shutdownNow();
    searcher.shutdownNow();
    if (tail != null) {
      tail.close();
    }
    try {
      if (sender.awaitTermination(2, TimeUnit.SECONDS)) {
        serde.close();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was given up meanwhile is not sent: its caller has been told that nothing was done. */
  private void send(Erasure entry, CompletableFuture<Void> acknowledged) {
    if (acknowledged.isDone()) {
      return;
    }
    byte[] key = entry.getId().getBytes(StandardCharsets.UTF_8);
    byte[] value = serde.serializer().serialize(settings.topic(), entry);
    if (acknowledged.isDone()) {
      return;
    }
    // The callback is told; the future would say the same.
    var unused =
        producer.send(
            new ProducerRecord<>(settings.topic(), 0, key, value),
            (metadata, failure) -> {
              if (failure == null) {
                acknowledged.complete(null);
              } else {
                acknowledged.completeExceptionally(failure);
              }
            });
  }

  private List<Erasure> search(String id) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer();
        Serde<Erasure> reading = serdes.value(Erasure.class)) {
      return new CommandLogSearch(
              consumer, settings.topic(), reading.deserializer(), settings.searchTimeout())
          .find(id);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static void onThread(
      ThreadPoolExecutor executor, CompletableFuture<?> told, Runnable step) {
    try {
      executor.execute(
          () -> {
            try {
              step.run();
            } catch (RuntimeException failure) {
              told.completeExceptionally(failure);
            }
          });
    } catch (RejectedExecutionException closedOrFull) {
      told.completeExceptionally(closedOrFull);
    }
  }

  /** {@code send} and a search block; each has a thread of its own, never an event loop. */
  private static ThreadPoolExecutor executor(String name, BlockingQueue<Runnable> queue) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        queue,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
