package io.postflight.faults;

import io.postflight.schema.message.TierRecord;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Checks every commit of a tier's sinks against its own observations: the records they received,
 * the rows acknowledged by the database, the dead letters in Kafka. No committed offset may be
 * above a record that is not completely stored.
 *
 * <p>It is placed between sink and clients, and shares nothing with the sink's offset tracking.
 */
final class GroupCommitOracle {
  private final Tier tier;
  private final RegistryFreeDecoder decoder = new RegistryFreeDecoder();
  private final LongSupplier clock;
  private final Map<TopicPartition, TrackedPartition> partitions = new HashMap<>();
  private final Map<Row, List<Open>> waiting = new HashMap<>();
  private final List<Stored> stored = new ArrayList<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicLong rows = new AtomicLong();
  private long commits;
  private long failures;

  /**
   * @param clock epoch milliseconds
   */
  GroupCommitOracle(Tier tier, LongSupplier clock) {
    this.tier = tier;
    this.clock = clock;
  }

  /**
   * A record whose rows are all acknowledged.
   *
   * @param at time of the acknowledgement, epoch milliseconds
   * @param tookMillis milliseconds since arrival
   */
  record Stored(long at, long tookMillis) {}

  /** A record was handed to a sink. */
  synchronized void given(ConsumerRecord<byte[], byte[]> record) {
    TrackedPartition partition = partition(new TopicPartition(record.topic(), record.partition()));
    int offset = Math.toIntExact(record.offset());
    if (partition.done.get(offset) || partition.open.containsKey(record.offset())) {
      return;
    }
    Open open = new Open(partition, record.offset());
    partition.open.put(record.offset(), open);
    if (record.value() == null) {
      return;
    }
    try {
      TierRecord value = decoder.decode(record.value());
      open.arrivedAt = value.getArrivedAt();
      open.rows.addAll(Rows.of(value, tier));
      open.rows.forEach(
          row -> waiting.computeIfAbsent(row, absent -> new ArrayList<>(1)).add(open));
      if (open.rows.isEmpty()) {
        done(open);
      }
    } catch (RuntimeException unreadable) {
      // It stays open until its dead letter is seen.
      open.rows.clear();
    }
  }

  /** The database has acknowledged rows, or they have expired. */
  synchronized void acknowledged(List<Row> acknowledged) {
    rows.addAndGet(acknowledged.size());
    for (Row row : acknowledged) {
      List<Open> opens = waiting.remove(row);
      if (opens != null) {
        for (Open open : opens) {
          open.rows.remove(row);
          if (open.rows.isEmpty()) {
            stored.add(new Stored(clock.getAsLong(), clock.getAsLong() - open.arrivedAt));
            done(open);
          }
        }
      }
    }
  }

  /** Rows that the database acknowledges within a time from now. */
  long rowsIn(Duration time) throws InterruptedException {
    long before = rows.get();
    Thread.sleep(time.toMillis());
    return rows.get() - before;
  }

  /** Kafka has the dead letter of a record. */
  synchronized void deadLettered(TopicPartition source, long offset) {
    TrackedPartition partition = partition(source);
    Open open = partition.open.get(offset);
    if (open == null) {
      violations.add("a dead letter of " + source + '@' + offset + ", which no sink was given");
      return;
    }
    open.rows.forEach(row -> waiting.getOrDefault(row, new ArrayList<>()).remove(open));
    done(open);
  }

  /** Checks a commit before it is sent to the broker. */
  synchronized void check(String who, Map<TopicPartition, OffsetAndMetadata> commit) {
    commits++;
    commit.forEach(
        (where, offset) -> {
          Long lowest = partition(where).lowestOpen();
          if (lowest != null && offset.offset() > lowest) {
            violations.add(
                "%s commits %d of %s; not stored: %d"
                    .formatted(who, offset.offset(), where, lowest));
          }
        });
  }

  /** Violations; empty: none. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  /** A statement was not acknowledged; it will be sent again. */
  synchronized void failed() {
    failures++;
  }

  /** Number of statements that were not acknowledged. */
  synchronized long failures() {
    return failures;
  }

  /** Number of commits checked. */
  synchronized long commits() {
    return commits;
  }

  /** Milliseconds from arrival to stored of the records stored within a time, in no order. */
  synchronized long[] latencies(long from, long to) {
    return stored.stream()
        .filter(each -> each.at() >= from && each.at() < to)
        .mapToLong(Stored::tookMillis)
        .toArray();
  }

  /** Times at which records were stored within a period, unordered. */
  synchronized long[] storedAt(long from, long to) {
    return stored.stream().mapToLong(Stored::at).filter(at -> at >= from && at < to).toArray();
  }

  /** Records stored so far. */
  synchronized int records() {
    return stored.size();
  }

  private void done(Open open) {
    open.partition.open.remove(open.offset);
    open.partition.done.set(Math.toIntExact(open.offset));
  }

  private TrackedPartition partition(TopicPartition where) {
    return partitions.computeIfAbsent(where, absent -> new TrackedPartition());
  }

  private static final class TrackedPartition {
    final TreeMap<Long, Open> open = new TreeMap<>();
    final BitSet done = new BitSet();

    private @Nullable Long lowestOpen() {
      return open.isEmpty() ? null : open.firstKey();
    }
  }

  /** A record that is not completely stored. */
  private static final class Open {
    final TrackedPartition partition;
    final long offset;
    final Set<Row> rows = new HashSet<>();
    long arrivedAt;

    Open(TrackedPartition partition, long offset) {
      this.partition = partition;
      this.offset = offset;
    }
  }
}
