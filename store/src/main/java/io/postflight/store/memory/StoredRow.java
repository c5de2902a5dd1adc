package io.postflight.store.memory;

import io.postflight.store.Position;
import io.postflight.store.Row;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one row, each with the write that it has from. Like the database, a row lives while
 * its marker (set by every insert) or any cell does.
 */
final class StoredRow {
  private static final String MARKER = "";

  final Position position;
  private final Map<String, Cell> cells = new HashMap<>();

  StoredRow(Position position) {
    this.position = position;
  }

  void write(Row row, long expiresAt) {
    long timestamp = row.writeTimestampMicros();
    cells.merge(MARKER, new Cell("", timestamp, expiresAt), Cell::winner);
    row.cells()
        .forEach(
            (column, value) ->
                cells.merge(column, new Cell(value, timestamp, expiresAt), Cell::winner));
  }

  boolean isLive(long now) {
    return cells.values().stream().anyMatch(cell -> cell.value != null && cell.expiresAt > now);
  }

  Map<String, Object> cells(long now) {
    Map<String, Object> live = new LinkedHashMap<>();
    cells.forEach(
        (column, cell) -> {
          if (cell.value != null && cell.expiresAt > now && !column.equals(MARKER)) {
            live.put(column, cell.value);
          }
        });
    return live;
  }

  /** The live cells with the writes that they have from. */
  StoredCells stored(long now) {
    Map<String, StoredCell> live = new LinkedHashMap<>();
    cells.forEach(
        (column, cell) -> {
          if (cell.value != null && cell.expiresAt > now && !column.equals(MARKER)) {
            Integer ttl =
                cell.expiresAt == Long.MAX_VALUE
                    ? null
                    : Integer.valueOf((int) ((cell.expiresAt - now) / 1000));
            live.put(column, new StoredCell(cell.value, cell.timestamp, ttl));
          }
        });
    return new StoredCells(live);
  }

  /**
   * One cell.
   *
   * @param value null: deleted
   */
  private record Cell(@Nullable Object value, long timestamp, long expiresAt) {
    /** The later write wins; of two at once a deletion, then the longer life, then a fixed one. */
    static Cell winner(Cell a, Cell b) {
      if (a.timestamp != b.timestamp) {
        return a.timestamp > b.timestamp ? a : b;
      }
      if (a.value == null || b.value == null) {
        return a.value == null ? a : b;
      }
      if (a.expiresAt != b.expiresAt) {
        return a.expiresAt > b.expiresAt ? a : b;
      }
      return a.value.toString().compareTo(b.value.toString()) >= 0 ? a : b;
    }
  }
}
