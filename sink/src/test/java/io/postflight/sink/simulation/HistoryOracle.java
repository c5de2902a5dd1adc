package io.postflight.sink.simulation;

import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.Row;
import io.postflight.store.TimelineRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Oracle of a history: knows independently of the sink's trackers which rows and commands the
 * database has acknowledged and which records are dead letters, and verifies every commit.
 */
public final class HistoryOracle {
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> deadLetters = new HashSet<>();
  private final Map<Integer, NavigableMap<Long, List<String>>> open = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private int commits;

  /** A record with these rows was appended. */
  public void appended(int partition, long offset, List<Row> rows) {
    List<String> names = new ArrayList<>(rows.size());
    rows.forEach(row -> names.add(name(row)));
    open.computeIfAbsent(partition, absent -> new TreeMap<>()).put(offset, names);
  }

  /** A command was appended. */
  public void commandAppended(int partition, long offset) {
    open.computeIfAbsent(partition, absent -> new TreeMap<>())
        .put(offset, List.of(command(partition, offset)));
  }

  /** The database has acknowledged a command. */
  public void applied(int partition, long offset) {
    acknowledged.add(command(partition, offset));
  }

  /** The database has acknowledged rows as written or expired. */
  public void acknowledged(List<Row> rows) {
    rows.forEach(row -> acknowledged.add(name(row)));
  }

  /** Kafka has acknowledged a dead letter. */
  public void deadLettered(int partition, long offset) {
    deadLetters.add(partition + "@" + offset);
  }

  /** Whether Kafka has acknowledged the dead letter of a record. */
  public boolean isDeadLettered(int partition, long offset) {
    return deadLetters.contains(partition + "@" + offset);
  }

  /** Verifies a commit when it is sent. */
  public void verify(String who, int partition, long offset) {
    commits++;
    long lowest = lowestOpen(partition);
    if (offset > lowest) {
      violations.add(
          who + " commits " + offset + " of partition " + partition + ", not stored: " + lowest);
    }
  }

  /** The lowest offset of a record that is not stored; Long.MAX_VALUE if all are. */
  long lowestOpen(int partition) {
    NavigableMap<Long, List<String>> records = open.getOrDefault(partition, new TreeMap<>());
    while (!records.isEmpty()) {
      Map.Entry<Long, List<String>> first = records.firstEntry();
      if (!isDeadLettered(partition, first.getKey()) && !stored(first.getValue())) {
        return first.getKey();
      }
      records.remove(first.getKey());
    }
    return Long.MAX_VALUE;
  }

  private boolean stored(List<String> rows) {
    return !rows.isEmpty() && acknowledged.containsAll(rows);
  }

  /** Adds a violation of the specification. */
  public void violation(String what) {
    violations.add(what);
  }

  /** Violations of the specification. */
  public List<String> violations() {
    return violations;
  }

  /** Number of commits verified. */
  public int commits() {
    return commits;
  }

  private static String command(int partition, long offset) {
    return "c" + partition + '@' + offset;
  }

  private static String name(Row row) {
    if (row instanceof TimelineRow timeline) {
      return "t" + timeline.event().eventId();
    }
    if (row instanceof ListingRow listing) {
      return "i" + listing.revision().getMessageId() + '#' + listing.revision().getRevision();
    }
    MessageRow message = (MessageRow) row;
    return "m" + message.revision().getMessageId() + '#' + message.revision().getRevision();
  }
}
