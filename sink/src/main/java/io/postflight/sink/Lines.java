package io.postflight.sink;

import io.postflight.store.PartitionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait, in a line for each partition; lines stand in the order in which they began to
 * wait.
 *
 * <p>A line that fills a statement goes first. Others go at once while the database has little to
 * do, since waiting would only add latency; when it is busy they wait until the linger is over, for
 * rows of their partition to join them. That is where the throughput comes from: a statement of
 * twenty rows costs the server little more than one of a single row.
 *
 * <p>A line whose turn comes while its replicas have all the statements that they may have is
 * parked, out of the way of others, until one of those is done.
 *
 * <p>Not thread-safe. Time is in nanoseconds.
 */
final class Lines {
  private final WriteLimits limits;
  private final long lingerNanos;
  private final Function<PartitionKey, Lane> laneOf;

  /** Those that are not parked, in order. */
  private final Map<PartitionKey, Line> lines = new LinkedHashMap<>();

  private final Map<PartitionKey, Line> parked = new HashMap<>();
  private final ArrayDeque<Line> full = new ArrayDeque<>();

  /** Rows that have begun to wait for a slot of their replicas since somebody last asked. */
  private List<OwnedRow> blocked = new ArrayList<>();

  Lines(WriteLimits limits, Function<PartitionKey, Lane> laneOf) {
    this.limits = limits;
    this.lingerNanos = limits.linger().toNanos();
    this.laneOf = laneOf;
  }

  void add(OwnedRow row, long now) {
    PartitionKey key = row.row().partition();
    Line line = parked.get(key);
    if (line != null) {
      append(line, row);
      if (row.block()) {
        blocked.add(row);
      }
      return;
    }
    line = lines.get(key);
    if (line == null) {
      line = new Line(key, laneOf.apply(key), now);
      lines.put(key, line);
    }
    append(line, row);
    if (!line.full && fills(line)) {
      line.full = true;
      full.add(line);
    }
  }

  private static void append(Line line, OwnedRow row) {
    line.rows.add(row);
    line.bytes += row.row().sizeBytes();
  }

  /**
   * Takes the rows of the next statement.
   *
   * @param eager whether a line goes although it is neither full nor has waited long enough
   * @return one row or more, of one partition, of a lane with a free slot; null if nothing is to be
   *     sent now
   */
  @Nullable Batch take(long now, boolean eager) {
    for (Line line = full.poll(); line != null; line = full.poll()) {
      if (line.lane.hasSlot()) {
        return takeFrom(line, now);
      }
      lines.remove(line.key);
      park(line);
    }
    for (Iterator<Line> oldest = lines.values().iterator(); oldest.hasNext(); ) {
      Line line = oldest.next();
      if (!eager && now - line.since < lingerNanos) {
        return null;
      }
      if (line.lane.hasSlot()) {
        return takeFrom(line, now);
      }
      oldest.remove();
      park(line);
    }
    return null;
  }

  /** A slot of a lane has become free: the line that waits for it longest goes first. */
  void unpark(Lane lane) {
    Line line = lane.unpark();
    if (line != null) {
      parked.remove(line.key);
      lines.put(line.key, line);
      line.full = true;
      full.add(line);
    }
  }

  /** The same for all lines of a lane, should slots have become free unnoticed. */
  void unparkAll(Lane lane) {
    for (int line = lane.parkedLines(); line > 0; line--) {
      unpark(lane);
    }
  }

  /** Whether a line that is not parked has waited since then or longer. */
  boolean anyWaitsSince(long time) {
    Iterator<Line> oldest = lines.values().iterator();
    return oldest.hasNext() && oldest.next().since <= time;
  }

  /** The rows that have begun to wait for their replicas since the last call. */
  List<OwnedRow> takeBlocked() {
    if (blocked.isEmpty()) {
      return List.of();
    }
    List<OwnedRow> taken = blocked;
    blocked = new ArrayList<>();
    return taken;
  }

  private void park(Line line) {
    line.full = false;
    parked.put(line.key, line);
    line.lane.park(line);
    line.rows.stream().filter(OwnedRow::block).forEach(blocked::add);
  }

  private Batch takeFrom(Line line, long now) {
    List<OwnedRow> taken = new ArrayList<>(Math.min(line.rows.size(), limits.batchRows()));
    int bytes = 0;
    while (taken.size() < limits.batchRows()) {
      OwnedRow first = line.rows.peek();
      if (first == null) {
        break;
      }
      int size = first.row().sizeBytes();
      if (!taken.isEmpty() && bytes + size > limits.batchBytes()) {
        break;
      }
      bytes += size;
      taken.add(first);
      line.rows.remove();
    }
    line.bytes -= bytes;
    lines.remove(line.key);
    line.full = false;
    if (!line.rows.isEmpty()) {
      line.since = now;
      lines.put(line.key, line);
      if (fills(line)) {
        line.full = true;
        full.add(line);
      }
    }
    return new Batch(line.lane, taken);
  }

  /** Takes out the rows whose owner has been cancelled, and adds them to the list. */
  void dropCancelled(List<OwnedRow> dropped) {
    for (Iterator<Line> each = lines.values().iterator(); each.hasNext(); ) {
      Line line = each.next();
      dropCancelled(line, dropped);
      if (line.full && (line.rows.isEmpty() || !fills(line))) {
        line.full = false;
        full.remove(line);
      }
      if (line.rows.isEmpty()) {
        each.remove();
      }
    }
    for (Iterator<Line> each = parked.values().iterator(); each.hasNext(); ) {
      Line line = each.next();
      dropCancelled(line, dropped);
      if (line.rows.isEmpty()) {
        each.remove();
        line.lane.unpark(line);
      }
    }
  }

  private static void dropCancelled(Line line, List<OwnedRow> dropped) {
    for (Iterator<OwnedRow> rows = line.rows.iterator(); rows.hasNext(); ) {
      OwnedRow row = rows.next();
      if (row.owner().cancelled()) {
        rows.remove();
        line.bytes -= row.row().sizeBytes();
        dropped.add(row);
      }
    }
  }

  private boolean fills(Line line) {
    return line.rows.size() >= limits.batchRows() || line.bytes >= limits.batchBytes();
  }

  /**
   * Rows of one statement.
   *
   * @param lane of their replicas
   */
  record Batch(Lane lane, List<OwnedRow> rows) {}

  /** Rows of one partition. */
  static final class Line {
    private final PartitionKey key;
    private final Lane lane;
    private final ArrayDeque<OwnedRow> rows = new ArrayDeque<>(4);
    private long since;
    private long bytes;
    private boolean full;

    private Line(PartitionKey key, Lane lane, long since) {
      this.key = key;
      this.lane = lane;
      this.since = since;
    }
  }
}
