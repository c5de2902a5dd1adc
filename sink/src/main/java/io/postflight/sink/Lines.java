package io.postflight.sink;

import io.postflight.store.PartitionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * <p>Not thread-safe. Time is in nanoseconds.
 */
final class Lines {
  private final WriteLimits limits;
  private final long lingerNanos;
  private final Map<PartitionKey, Line> lines = new LinkedHashMap<>();
  private final ArrayDeque<Line> full = new ArrayDeque<>();

  Lines(WriteLimits limits) {
    this.limits = limits;
    this.lingerNanos = limits.linger().toNanos();
  }

  void add(OwnedRow row, long now) {
    PartitionKey key = row.row().partition();
    Line line = lines.get(key);
    if (line == null) {
      line = new Line(key, now);
      lines.put(key, line);
    }
    line.rows.add(row);
    line.bytes += row.row().sizeBytes();
    if (!line.full && fills(line)) {
      line.full = true;
      full.add(line);
    }
  }

  /**
   * Takes the rows of the next statement.
   *
   * @param eager whether a line goes although it is neither full nor has waited long enough
   * @return one row or more, of one partition; null if nothing is to be sent now
   */
  @Nullable List<OwnedRow> take(long now, boolean eager) {
    Line line = full.poll();
    if (line == null) {
      Iterator<Line> oldest = lines.values().iterator();
      if (!oldest.hasNext()) {
        return null;
      }
      line = oldest.next();
      if (!eager && now - line.since < lingerNanos) {
        return null;
      }
    }
    return takeFrom(line, now);
  }

  private List<OwnedRow> takeFrom(Line line, long now) {
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
    return taken;
  }

  /** Takes out the rows whose owner has been cancelled, and adds them to the list. */
  void dropCancelled(List<OwnedRow> dropped) {
    for (Iterator<Line> each = lines.values().iterator(); each.hasNext(); ) {
      Line line = each.next();
      for (Iterator<OwnedRow> rows = line.rows.iterator(); rows.hasNext(); ) {
        OwnedRow row = rows.next();
        if (row.owner().cancelled()) {
          rows.remove();
          line.bytes -= row.row().sizeBytes();
          dropped.add(row);
        }
      }
      if (line.full && !fills(line)) {
        line.full = false;
        full.remove(line);
      }
      if (line.rows.isEmpty()) {
        each.remove();
      }
    }
  }

  private boolean fills(Line line) {
    return line.rows.size() >= limits.batchRows() || line.bytes >= limits.batchBytes();
  }

  private static final class Line {
    private final PartitionKey key;
    private final ArrayDeque<OwnedRow> rows = new ArrayDeque<>(4);
    private long since;
    private long bytes;
    private boolean full;

    private Line(PartitionKey key, long since) {
      this.key = key;
      this.since = since;
    }
  }
}
