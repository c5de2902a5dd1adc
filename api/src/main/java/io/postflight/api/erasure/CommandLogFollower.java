package io.postflight.api.erasure;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.serde.RegistryUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the ledger from some time ago, on a thread of its own. Whatever is away is waited for.
 */
final class CommandLogFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLogFollower.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long PAUSE_MILLIS = 500;

  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final Serde<Erasure> serde;
  private final long from;
  private final Consumer<Erasure> each;
  private final Thread thread;
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private volatile boolean closed;

  /** Where to go on, once the beginning has been found; else -1. */
  private long position = -1;

  /** The end that the topic had at first. */
  private long firstEnd;

  CommandLogFollower(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      String topic,
      Serde<Erasure> serde,
      long from,
      Consumer<Erasure> each) {
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
    this.serde = serde;
    this.from = Math.max(0, from);
    this.each = each;
    this.thread = new Thread(this::run, "postflight-ledger-tail");
    thread.setDaemon(true);
  }

  CompletableFuture<Void> start() {
    thread.start();
    return loaded;
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        try {
          follow();
        } catch (WakeupException | InterruptException stopped) {
          throw stopped;
        } catch (RuntimeException fault) {
          LOG.warn("Waiting for the ledger '{}': {}", partition.topic(), fault.toString());
          pause();
        }
      }
    } catch (WakeupException | InterruptException stopped) {
      LOG.debug("the ledger is no longer followed");
    } finally {
      letGo();
    }
  }

  private void follow() {
    if (position < 0) {
      findBeginning();
    }
    consumer.seek(partition, position);
    while (!closed) {
      if (position >= firstEnd && !loaded.isDone()) {
        LOG.info("Read ledger '{}' up to {}", partition.topic(), position);
        loaded.complete(null);
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        handOn(record);
        position = record.offset() + 1;
      }
      position = consumer.position(partition, PATIENCE);
    }
  }

  private void findBeginning() {
    List<PartitionInfo> partitions = consumer.partitionsFor(partition.topic(), PATIENCE);
    if (partitions == null || partitions.size() != 1) {
      throw new KafkaException(
          "it has %d partitions; exactly one is needed, as 'topics apply' makes it"
              .formatted(partitions == null ? 0 : partitions.size()));
    }
    consumer.assign(Set.of(partition));
    long end = consumer.endOffsets(Set.of(partition), PATIENCE).getOrDefault(partition, 0L);
    OffsetAndTimestamp first =
        consumer.offsetsForTimes(Map.of(partition, from), PATIENCE).get(partition);
    firstEnd = end;
    position = first == null ? end : Math.min(end, first.offset());
  }

  private void handOn(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    while (true) {
      try {
        each.accept(
            serde.deserializer().deserialize(partition.topic(), record.headers(), record.value()));
        return;
      } catch (RegistryUnavailableException away) {
        LOG.warn("Waiting for the schema registry to read the ledger: {}", away.getMessage());
        pause();
      } catch (SerializationException poison) {
        // To stop here would end all reads of all tenants; the sinks judge for themselves.
        LOG.error(
            "Record {} of ledger '{}' cannot be read and guards nothing",
            record.offset(),
            partition.topic(),
            poison);
        return;
      }
    }
  }

  /** An interrupt has done its work by now; left standing, it would fail the consumer's close. */
  private void letGo() {
    if (Thread.interrupted()) {
      LOG.debug("the ledger's thread was interrupted");
    }
    consumer.close(CloseOptions.timeout(PATIENCE));
    serde.close();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
