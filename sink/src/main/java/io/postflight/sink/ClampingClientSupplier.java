package io.postflight.sink;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Gives Kafka Streams a main consumer that commits only what the database has acknowledged; all
 * other clients are those of another supplier.
 */
final class ClampingClientSupplier implements KafkaClientSupplier {
  private final KafkaClientSupplier inner;
  private final Trackers trackers;
  private final Runnable beforePoll;
  private final Lag lag;
  private final LongSupplier clock;
  private final List<ClampingConsumer> consumers = new CopyOnWriteArrayList<>();
  private final List<Admin> admins = new CopyOnWriteArrayList<>();

  /**
   * @param beforePoll called before each poll of a main consumer
   * @param clock milliseconds
   */
  ClampingClientSupplier(
      KafkaClientSupplier inner,
      Trackers trackers,
      Runnable beforePoll,
      Lag lag,
      LongSupplier clock) {
    this.inner = inner;
    this.trackers = trackers;
    this.beforePoll = beforePoll;
    this.lag = lag;
    this.clock = clock;
  }

  /** Asks every main consumer to commit all that is acknowledged; not those of dead threads. */
  List<CompletableFuture<Void>> settle() {
    consumers.removeIf(ClampingConsumer::isClosed);
    return consumers.stream().map(ClampingConsumer::settle).toList();
  }

  /** Closes every client that was made here and is not closed: Kafka Streams could not be made. */
  void abandon() {
    consumers.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
    admins.forEach(admin -> admin.close(Duration.ZERO));
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    ClampingConsumer consumer =
        new ClampingConsumer(inner.getConsumer(config), trackers, beforePoll, lag, clock);
    consumers.removeIf(ClampingConsumer::isClosed);
    consumers.add(consumer);
    return consumer;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    Admin admin = inner.getAdmin(config);
    admins.add(admin);
    return admin;
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return inner.getProducer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return inner.getRestoreConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return inner.getGlobalConsumer(config);
  }
}
