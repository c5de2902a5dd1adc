package io.postflight.schema.directory;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.tenant.Tenant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants of topic {@code tenants}, followed by a thread of its own. A change is seen by all
 * readers at once, when the snapshot is swapped; a batch of changes is one swap. While Kafka or the
 * registry is away the last snapshot stays.
 */
public final class TenantFeed implements TenantDirectory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantFeed.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final Serde<Tenant> serde;
  private final TenantRecordReader intake;
  private final Thread thread;
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();

  /** Guards {@code lettingGo}. */
  private final Object ending = new Object();

  private boolean lettingGo;

  private volatile TenantSnapshot snapshot = TenantSnapshot.EMPTY;
  private volatile boolean closed;

  TenantFeed(
      Consumer<byte[], byte[]> consumer, String topic, TenantRules rules, Serde<Tenant> serde) {
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
    this.serde = serde;
    this.intake = new TenantRecordReader(rules, serde.deserializer());
    this.thread = new Thread(this::run, "tenant-feed");
    thread.setDaemon(true);
  }

  /**
   * Reads all tenants and follows the topic from there. Returns once everything has been read that
   * the topic held when it was first reached; a broker, a topic or a registry that is away is
   * waited for, with a line in the log.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @throws KafkaException if Kafka refuses us, or the topic has more than one partition
   */
  public static TenantFeed start(
      Map<String, ?> kafka, String topic, TenantRules rules, AvroSerdes serdes) {
    TenantFeed feed = begin(kafka, topic, rules, serdes);
    feed.awaitLoaded();
    return feed;
  }

  /**
   * Begins to read all tenants and returns at once; {@link #loaded} and {@link #awaitLoaded} report
   * when that is done.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   */
  public static TenantFeed begin(
      Map<String, ?> kafka, String topic, TenantRules rules, AvroSerdes serdes) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    TenantFeed feed =
        new TenantFeed(
            new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            topic,
            rules,
            serdes.value(Tenant.class));
    feed.thread.start();
    return feed;
  }

  @Override
  public TenantSnapshot current() {
    return snapshot;
  }

  @Override
  public boolean loaded() {
    return loaded.isDone() && !loaded.isCompletedExceptionally();
  }

  @Override
  public synchronized boolean awaitVersion(long version, Duration max) {
    return Versions.await(this, () -> snapshot.version(), version, max);
  }

  /**
   * Tenants whose newest record in the topic was refused, with the reason; of very many only some.
   * The last good record of each holds, if there was one.
   */
  public Map<String, String> refused() {
    return intake.refused();
  }

  /** Stops following; the last snapshot stays readable. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    synchronized (ending) {
      if (!lettingGo) {
        thread.interrupt();
      }
    }
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until the topic has been read to its end, starting to read it if that is still to be
   * done.
   *
   * @throws KafkaException if Kafka refuses us, or the topic has more than one partition
   * @throws InterruptException if the wait is interrupted; nothing is followed any more
   */
  public void awaitLoaded() {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
    try {
      loaded.get();
    } catch (ExecutionException failed) {
      close();
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new KafkaException(
          "tenants cannot be read from topic '%s': %s"
              .formatted(partition.topic(), cause.getMessage()),
          cause);
    } catch (InterruptedException interrupted) {
      close();
      throw new InterruptException(interrupted);
    }
  }

  private void run() {
    try {
      findTopic();
      load();
      loaded.complete(null);
      while (!closed) {
        followThroughFaults();
      }
    } catch (WakeupException | InterruptException stopped) {
      // close() was called; interrupting is how it reaches a call to the registry.
      loaded.completeExceptionally(stopped);
    } catch (RuntimeException failed) {
      loaded.completeExceptionally(failed);
      LOG.error("Tenants are no longer followed; version {} stays", snapshot.version(), failed);
    } finally {
      letGo();
    }
  }

  /** No interrupt from here on, nor one left standing: it would fail the consumer's close. */
  private void letGo() {
    synchronized (ending) {
      lettingGo = true;
      if (Thread.interrupted()) {
        LOG.debug("The tenant feed was interrupted");
      }
    }
    consumer.close(CloseOptions.timeout(PATIENCE));
    serde.close();
  }

  private void findTopic() {
    while (true) {
      try {
        List<PartitionInfo> partitions = consumer.partitionsFor(partition.topic(), PATIENCE);
        if (partitions != null && partitions.size() > 1) {
          throw new IllegalStateException(
              "it has %d partitions; exactly one is allowed".formatted(partitions.size()));
        }
        if (partitions != null && partitions.size() == 1) {
          consumer.assign(Set.of(partition));
          return;
        }
        LOG.info("Waiting for topic '{}', which is not there yet", partition.topic());
        pause();
      } catch (RetriableException away) {
        LOG.info("Waiting for Kafka to read topic '{}': {}", partition.topic(), away.toString());
        pause();
      }
    }
  }

  /** Reads the topic from its beginning to its present end into one new snapshot. */
  private void load() {
    long begun = System.nanoTime();
    TenantSnapshot.Draft draft = TenantSnapshot.EMPTY.draft();
    consumer.seekToBeginning(Set.of(partition));
    long end = end();
    while (position() < end) {
      poll().forEach(record -> apply(record, draft));
    }
    publish(draft.at(position()));
    LOG.info(
        "Read {} tenants (version {}) from topic '{}' in {} ms",
        snapshot.size(),
        snapshot.version(),
        partition.topic(),
        (System.nanoTime() - begun) / 1_000_000);
  }

  /** What Kafka refuses now (a revoked right, say) it may grant again: the snapshot stays. */
  private void followThroughFaults() {
    try {
      follow();
    } catch (WakeupException | InterruptException stopped) {
      throw stopped;
    } catch (KafkaException fault) {
      LOG.error("Following topic '{}' fails, trying again", partition.topic(), fault);
      consumer.seek(partition, snapshot.version());
      pause();
    }
  }

  private void follow() {
    ConsumerRecords<byte[], byte[]> records = poll();
    long position = position();
    if (position < snapshot.version()) {
      LOG.warn(
          "Topic '{}' ends before version {}: it was made anew and is read from its beginning",
          partition.topic(),
          snapshot.version());
      load();
    } else if (position > snapshot.version()) {
      TenantSnapshot.Draft draft = snapshot.draft();
      records.forEach(record -> apply(record, draft));
      publish(draft.at(position));
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record, TenantSnapshot.Draft draft) {
    while (true) {
      try {
        intake.apply(record, draft);
        return;
      } catch (RegistryUnavailableException away) {
        LOG.warn("Waiting for the schema registry to read tenants: {}", away.getMessage());
        pause();
      }
    }
  }

  private synchronized void publish(TenantSnapshot next) {
    snapshot = next;
    notifyAll();
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    return consumer.poll(POLL);
  }

  private long position() {
    return patiently(() -> consumer.position(partition, PATIENCE));
  }

  private long end() {
    return patiently(
        () -> consumer.endOffsets(Set.of(partition), PATIENCE).getOrDefault(partition, 0L));
  }

  private <T> T patiently(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (RetriableException away) {
        LOG.info("Waiting for Kafka to read topic '{}': {}", partition.topic(), away.toString());
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
