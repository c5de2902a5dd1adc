package io.postflight.sink.commit;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A main consumer that commits no offset before the database has acknowledged all records below it,
 * whatever Kafka Streams requests. The owner of its generations is the calling thread, which also
 * runs the tasks.
 */
final class ClampingConsumer extends ForwardingConsumer {
  private static final long LAG_INTERVAL_MILLIS = 1_000;

  private final Consumer<byte[], byte[]> inner;
  private final PartitionOffsets partitionOffsets;
  private final Runnable beforePoll;
  private final ConsumerLag lag;
  private final LongSupplier clock;
  private final AtomicReference<@Nullable CompletableFuture<Void>> settlement =
      new AtomicReference<>();
  private final Map<TopicPartition, Long> lastPolled = new HashMap<>();

  /** Partitions paused here. */
  private final Set<TopicPartition> full = new HashSet<>();

  private final Set<TopicPartition> buffered = new HashSet<>();
  private long lagDue = Long.MIN_VALUE;
  private volatile boolean closed;

  /**
   * @param beforePoll called before each poll, by the thread that runs the tasks
   * @param clock milliseconds
   */
  ClampingConsumer(
      Consumer<byte[], byte[]> inner,
      PartitionOffsets partitionOffsets,
      Runnable beforePoll,
      ConsumerLag lag,
      LongSupplier clock) {
    super(inner);
    this.inner = inner;
    this.partitionOffsets = partitionOffsets;
    this.beforePoll = beforePoll;
    this.lag = lag;
    this.clock = clock;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    beforePoll.run();
    settleIfAsked();
    pauseFullPartitions();
    ConsumerRecords<byte[], byte[]> records = inner.poll(timeout);
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
      partitionOffsets.read(partition, some.get(0).offset());
      lastPolled.put(partition, some.get(some.size() - 1).offset());
    }
    measureLag();
    return records;
  }

  /**
   * Requests a commit of all acknowledged offsets. Kafka Streams commits a task only when it has
   * processed a record since the last commit, and not while it is paused, so that the last
   * acknowledgements before a shutdown would not be committed.
   *
   * @return completes with the next poll; fails if Kafka rejected the commit
   */
  CompletableFuture<Void> settle() {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> waiting = settlement.compareAndExchange(null, asked);
    return waiting == null ? asked : waiting;
  }

  private void settleIfAsked() {
    CompletableFuture<Void> asked = settlement.getAndSet(null);
    if (asked == null) {
      return;
    }
    try {
      Map<TopicPartition, OffsetAndMetadata> uncommitted =
          partitionOffsets.uncommitted(acknowledged());
      if (!uncommitted.isEmpty()) {
        inner.commitSync(uncommitted);
        partitionOffsets.committed(uncommitted);
      }
      asked.complete(null);
    } catch (KafkaException notTaken) {
      asked.completeExceptionally(notTaken);
    }
  }

  /**
   * The offsets below which all is acknowledged. If that covers all polled records, it is the
   * position, which is above the last record if a transaction marker follows it.
   */
  private Map<TopicPartition, Long> acknowledged() {
    Map<TopicPartition, Long> acknowledged = new HashMap<>();
    for (TopicPartition partition : inner.assignment()) {
      long below = partitionOffsets.of(partition).acknowledgedBelow();
      Long last = lastPolled.get(partition);
      acknowledged.put(partition, last != null && below > last ? inner.position(partition) : below);
    }
    return acknowledged;
  }

  private void measureLag() {
    long now = clock.getAsLong();
    if (now < lagDue) {
      return;
    }
    lagDue = now + LAG_INTERVAL_MILLIS;
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (TopicPartition partition : inner.assignment()) {
      OptionalLong ahead = inner.currentLag(partition);
      if (ahead.isPresent()) {
        ends.put(partition, inner.position(partition) + ahead.getAsLong());
      }
    }
    lag.ends(Thread.currentThread(), ends);
  }

  /**
   * Pauses the partitions that have reached a limit, and resumes the others unless Kafka Streams
   * has paused them itself. A partition that was revoked and assigned again is no longer paused,
   * whoever paused it.
   */
  private void pauseFullPartitions() {
    Set<TopicPartition> paused = inner.paused();
    full.retainAll(paused);
    buffered.retainAll(paused);
    for (TopicPartition partition : inner.assignment()) {
      if (partitionOffsets.isFull(partition)) {
        if (full.add(partition)) {
          inner.pause(Set.of(partition));
        }
      } else if (full.remove(partition) && !buffered.contains(partition)) {
        inner.resume(Set.of(partition));
      }
    }
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    inner.pause(partitions);
    buffered.addAll(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    partitions.forEach(buffered::remove);
    inner.resume(partitions.stream().filter(partition -> !full.contains(partition)).toList());
  }

  @Override
  public void commitSync() {
    commitSync(positions());
  }

  @Override
  public void commitSync(Duration timeout) {
    commitSync(positions(), timeout);
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> allowed = partitionOffsets.clamp(offsets);
    if (!allowed.isEmpty()) {
      inner.commitSync(allowed);
      partitionOffsets.committed(allowed);
    }
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    Map<TopicPartition, OffsetAndMetadata> allowed = partitionOffsets.clamp(offsets);
    if (!allowed.isEmpty()) {
      inner.commitSync(allowed, timeout);
      partitionOffsets.committed(allowed);
    }
  }

  @Override
  public void commitAsync() {
    throw asynchronousCommit();
  }

  @Override
  public void commitAsync(@Nullable OffsetCommitCallback callback) {
    throw asynchronousCommit();
  }

  @Override
  public void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    throw asynchronousCommit();
  }

  private static UnsupportedOperationException asynchronousCommit() {
    return new UnsupportedOperationException(
        "a sink commits synchronously only: an asynchronous commit may overtake a later one");
  }

  @Override
  public void close() {
    try {
      inner.close();
    } finally {
      ended();
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Kafka's interface has it still
  public void close(Duration timeout) {
    try {
      inner.close(timeout);
    } finally {
      ended();
    }
  }

  @Override
  public void close(CloseOptions options) {
    try {
      inner.close(options);
    } finally {
      ended();
    }
  }

  /** Whether it is closed, like that of a stream thread that has stopped. */
  boolean isClosed() {
    return closed;
  }

  private void ended() {
    closed = true;
    CompletableFuture<Void> asked = settlement.getAndSet(null);
    if (asked != null) {
      asked.completeExceptionally(new IllegalStateException("the consumer was closed"));
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> positions() {
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    for (TopicPartition partition : inner.assignment()) {
      positions.put(partition, new OffsetAndMetadata(inner.position(partition)));
    }
    return positions;
  }
}
