package io.postflight.sink;

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
 * A main consumer that commits no offset before the database has acknowledged all below it,
 * whatever Kafka Streams asks for. Its owner in the trackers is the thread that calls it, which is
 * the thread that runs the tasks.
 */
final class ClampingConsumer extends ForwardingConsumer {
  private static final long LAG_INTERVAL_MILLIS = 1_000;

  private final Consumer<byte[], byte[]> inner;
  private final Trackers trackers;
  private final Runnable beforePoll;
  private final Lag lag;
  private final LongSupplier clock;
  private final AtomicReference<@Nullable CompletableFuture<Void>> settlement =
      new AtomicReference<>();
  private final Map<TopicPartition, Long> lastPolled = new HashMap<>();

  /** Paused here, and by Kafka Streams. */
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
      Trackers trackers,
      Runnable beforePoll,
      Lag lag,
      LongSupplier clock) {
    super(inner);
    this.inner = inner;
    this.trackers = trackers;
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
      lag.read(partition, some.get(0).offset());
      lastPolled.put(partition, some.get(some.size() - 1).offset());
    }
    measureLag();
    return records;
  }

  /**
   * Asks for a commit of all that is acknowledged. Kafka Streams commits a task only when it has
   * processed something since, and not at all while it is paused, so that the last acknowledgements
   * before a stop would not be committed.
   *
   * @return done by the next poll; fails if Kafka did not take it
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
      Map<TopicPartition, OffsetAndMetadata> owed = trackers.owed(acknowledged());
      if (!owed.isEmpty()) {
        inner.commitSync(owed);
        trackers.committed(owed);
      }
      asked.complete(null);
    } catch (KafkaException notTaken) {
      asked.completeExceptionally(notTaken);
    }
  }

  /**
   * How far all is acknowledged. Once all that was polled is, that is the position, which lies
   * above the last record if a transaction marker follows it.
   */
  private Map<TopicPartition, Long> acknowledged() {
    Map<TopicPartition, Long> acknowledged = new HashMap<>();
    for (TopicPartition partition : inner.assignment()) {
      long below = trackers.of(partition).acknowledgedBelow();
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
   * Pauses the partitions of which too much waits to be written, and resumes the others, unless
   * Kafka Streams has paused them for reasons of its own. A partition that was taken away meanwhile
   * and given back is not paused any more, whoever had done it.
   */
  private void pauseFullPartitions() {
    Set<TopicPartition> paused = inner.paused();
    full.retainAll(paused);
    buffered.retainAll(paused);
    for (TopicPartition partition : inner.assignment()) {
      if (trackers.full(partition)) {
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
    Map<TopicPartition, OffsetAndMetadata> allowed = trackers.clamp(offsets);
    if (!allowed.isEmpty()) {
      inner.commitSync(allowed);
      trackers.committed(allowed);
    }
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    Map<TopicPartition, OffsetAndMetadata> allowed = trackers.clamp(offsets);
    if (!allowed.isEmpty()) {
      inner.commitSync(allowed, timeout);
      trackers.committed(allowed);
    }
  }

  @Override
  public void commitAsync() {
    throw refused();
  }

  @Override
  public void commitAsync(@Nullable OffsetCommitCallback callback) {
    throw refused();
  }

  @Override
  public void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    throw refused();
  }

  private static UnsupportedOperationException refused() {
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

  /** Whether it is closed, as that of a dead stream thread is: it commits nothing any more. */
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
