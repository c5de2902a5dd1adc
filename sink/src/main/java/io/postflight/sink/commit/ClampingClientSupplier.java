package io.postflight.sink.commit;

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
 * Supplies Kafka Streams with a main consumer that commits only acknowledged offsets; all other
 * clients come from the wrapped supplier.
 */
public final class ClampingClientSupplier implements KafkaClientSupplier {
  private final KafkaClientSupplier inner;
  private final PartitionOffsets partitionOffsets;
  private final Runnable beforePoll;
  private final ConsumerLag lag;
  private final LongSupplier clock;
  private final List<ClampingConsumer> consumers = new CopyOnWriteArrayList<>();

  /** Closes each of the other clients, until Kafka Streams owns them. */
  private final List<Runnable> others = new CopyOnWriteArrayList<>();

  private volatile boolean handedOver;

  /**
   * Wraps a supplier.
   *
   * @param beforePoll called before each poll of a main consumer
   * @param clock milliseconds
   */
  public ClampingClientSupplier(
      KafkaClientSupplier inner,
      PartitionOffsets partitionOffsets,
      Runnable beforePoll,
      ConsumerLag lag,
      LongSupplier clock) {
    this.inner = inner;
    this.partitionOffsets = partitionOffsets;
    this.beforePoll = beforePoll;
    this.lag = lag;
    this.clock = clock;
  }

  /** Requests a commit of all acknowledged offsets from every open main consumer. */
  public List<CompletableFuture<Void>> settle() {
    consumers.removeIf(ClampingConsumer::isClosed);
    return consumers.stream().map(ClampingConsumer::settle).toList();
  }

  /** Closes every open client that was created here: Kafka Streams could not be constructed. */
  public void abandon() {
    consumers.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
    others.forEach(Runnable::run);
  }

  /** Kafka Streams has been constructed: it closes its clients, also those of replaced threads. */
  public void handOver() {
    handedOver = true;
    others.clear();
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    ClampingConsumer consumer =
        new ClampingConsumer(inner.getConsumer(config), partitionOffsets, beforePoll, lag, clock);
    consumers.removeIf(ClampingConsumer::isClosed);
    consumers.add(consumer);
    return consumer;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    Admin admin = inner.getAdmin(config);
    track(() -> admin.close(Duration.ZERO));
    return admin;
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    Producer<byte[], byte[]> producer = inner.getProducer(config);
    track(() -> producer.close(Duration.ZERO));
    return producer;
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return tracked(inner.getRestoreConsumer(config));
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return tracked(inner.getGlobalConsumer(config));
  }

  private Consumer<byte[], byte[]> tracked(Consumer<byte[], byte[]> consumer) {
    track(() -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
    return consumer;
  }

  private void track(Runnable closing) {
    if (!handedOver) {
      others.add(closing);
    }
  }
}
