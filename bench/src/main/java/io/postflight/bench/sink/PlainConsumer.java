package io.postflight.bench.sink;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.PartitionKey;
import io.postflight.store.Row;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The ceiling: a consumer that was tuned by hand for this one topic and these tables. The rows of a
 * poll that belong to one partition go as one unlogged batch; statements are asynchronous and
 * bounded in number; only offsets are committed below which all is acknowledged. It neither retries
 * nor keeps bad records apart nor handles rebalances.
 */
final class PlainConsumer implements Variant<SinkRound, SinkResult> {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int POLL_RECORDS = 2_000;
  private static final int BATCH_ROWS = 50;
  private static final int BATCH_BYTES = 48 * 1024;
  private static final int IN_FLIGHT = 128;
  private static final long COMMIT_NANOS = 1_000_000_000L;

  @Override
  public SinkResult run(SinkRound round) throws InterruptedException {
    DeploymentSettings settings = round.deployment().settings();
    RoundMeter meter = new RoundMeter(round.servers());
    Map<String, Object> kafka = PlainKafka.consumer(settings);
    kafka.put("max.poll.records", POLL_RECORDS);
    kafka.put("max.partition.fetch.bytes", 4 * 1024 * 1024);
    try (PlainStore store = PlainStore.open(settings, meter);
        KafkaConsumer<byte[], byte[]> consumer = PlainKafka.open(kafka)) {
      consumer.subscribe(List.of(PlainStore.topic(settings)));
      Writes writes = new Writes(store);
      Deque<Poll> unacknowledged = new ArrayDeque<>();
      long consumed = 0;
      long committedAt = System.nanoTime();
      while (consumed < round.records()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (!records.isEmpty()) {
          unacknowledged.add(writes.send(records));
          consumed += records.count();
        }
        if (System.nanoTime() - committedAt > COMMIT_NANOS) {
          committedAt = System.nanoTime();
          Map<TopicPartition, OffsetAndMetadata> below = acknowledged(unacknowledged);
          if (!below.isEmpty()) {
            consumer.commitAsync(below, null);
          }
        }
      }
      writes.awaitAll();
      SinkResult result = store.end();
      consumer.commitSync(acknowledged(unacknowledged));
      return result;
    }
  }

  /** Removes the polls of which all is acknowledged, up to the first other; returns their ends. */
  private static Map<TopicPartition, OffsetAndMetadata> acknowledged(Deque<Poll> polls) {
    Map<TopicPartition, OffsetAndMetadata> below = new LinkedHashMap<>();
    while (!polls.isEmpty() && polls.peekFirst().pending().get() == 0) {
      below.putAll(polls.removeFirst().ends());
    }
    return below;
  }

  /**
   * The records of a poll.
   *
   * @param ends the offsets after them
   * @param pending statements that are not acknowledged
   */
  private record Poll(Map<TopicPartition, OffsetAndMetadata> ends, AtomicInteger pending) {}

  private static final class Writes {
    private final PlainStore store;
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Writes(PlainStore store) {
      this.store = store;
    }

    Poll send(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
      Map<PartitionKey, List<Row>> partitions = new LinkedHashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        for (Row row : store.rows(record.value())) {
          partitions.computeIfAbsent(row.partition(), key -> new ArrayList<>(4)).add(row);
        }
      }
      Poll poll = new Poll(records.nextOffsets(), new AtomicInteger(1));
      for (List<Row> partition : partitions.values()) {
        if (partition.size() == 1) {
          send(store.bind(partition.get(0)), poll);
        } else {
          sendBatches(partition, poll);
        }
      }
      poll.pending().decrementAndGet();
      return poll;
    }

    private void sendBatches(List<Row> partition, Poll poll) throws InterruptedException {
      List<BatchableStatement<?>> batch = new ArrayList<>();
      int bytes = 0;
      for (Row row : partition) {
        BoundStatement statement = store.bind(row);
        int size = size(statement);
        if (batch.size() == BATCH_ROWS || (bytes + size > BATCH_BYTES && !batch.isEmpty())) {
          send(BatchStatement.newInstance(BatchType.UNLOGGED, batch), poll);
          batch = new ArrayList<>();
          bytes = 0;
        }
        batch.add(statement);
        bytes += size;
      }
      send(BatchStatement.newInstance(BatchType.UNLOGGED, batch), poll);
    }

    private static int size(BoundStatement statement) {
      int bytes = 0;
      for (ByteBuffer value : statement.getValues()) {
        bytes += value == null ? 0 : value.remaining();
      }
      return bytes;
    }

    private void send(Statement<?> statement, Poll poll) throws InterruptedException {
      room.acquire();
      poll.pending().incrementAndGet();
      store
          .send(statement)
          .whenComplete(
              (done, fault) -> {
                if (fault == null) {
                  poll.pending().decrementAndGet();
                } else {
                  failure.compareAndSet(null, fault);
                }
                room.release();
              });
    }

    void awaitAll() throws InterruptedException {
      room.acquire(IN_FLIGHT);
      Throwable fault = failure.get();
      if (fault != null) {
        throw new IllegalStateException("a statement failed", fault);
      }
    }
  }
}
