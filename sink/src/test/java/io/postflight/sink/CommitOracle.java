package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.store.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows the rows of each record and those that the database has acknowledged, independently of the
 * tracker, and verifies every commit: no committed offset may be above a record that is not stored.
 */
public final class CommitOracle {
  private final Set<Row> stored;
  private final Map<TopicPartition, NavigableMap<Long, List<Row>>> open = new HashMap<>();
  private final Set<Row> all = ConcurrentHashMap.newKeySet();
  final Queue<String> violations = new ConcurrentLinkedQueue<>();
  final AtomicInteger commits = new AtomicInteger();

  public CommitOracle(Set<Row> stored) {
    this.stored = stored;
  }

  /** A record was produced. Must not be called concurrently with {@link #verify}. */
  void produced(TopicPartition partition, long offset, List<Row> rows) {
    open.computeIfAbsent(partition, absent -> new TreeMap<>()).put(offset, rows);
    all.addAll(rows);
  }

  /** Verifies a commit when it is sent to the broker. */
  public synchronized void verify(String who, Map<TopicPartition, OffsetAndMetadata> commit) {
    commits.incrementAndGet();
    commit.forEach(
        (partition, offset) -> {
          long lowest = lowestUnstored(partition);
          if (offset.offset() > lowest) {
            violations.add(
                who
                    + " commits "
                    + offset.offset()
                    + " of "
                    + partition
                    + ", not stored: "
                    + lowest);
          }
        });
  }

  private long lowestUnstored(TopicPartition partition) {
    NavigableMap<Long, List<Row>> records = open.getOrDefault(partition, new TreeMap<>());
    while (!records.isEmpty() && stored.containsAll(records.firstEntry().getValue())) {
      records.pollFirstEntry();
    }
    return records.isEmpty() ? Long.MAX_VALUE : records.firstKey();
  }

  public boolean allStored() {
    return stored.containsAll(all);
  }

  public int missing() {
    return (int) all.stream().filter(row -> !stored.contains(row)).count();
  }

  public void assertNoViolation() {
    assertThat(violations).isEmpty();
    assertThat(commits).as("commits verified").hasPositiveValue();
  }
}
