package io.postflight.store.memory;

import io.postflight.store.MessageColumns;
import io.postflight.store.PartitionKey;
import io.postflight.store.Position;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.RowScanner;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one row with their write timestamps. As in the database, a row exists while its
 * marker (set by most writes) or any cell does, and a deletion wins over writes with its timestamp
 * or an earlier one, whatever the order of arrival.
 */
final class StoredRow {
  private static final String MARKER = "";

  /** Prefix of the cell names of elements. */
  private static final String LISTING = MessageColumns.LISTINGS + '/';

  final Position position;
  private final Map<String, Cell> cells = new HashMap<>();
  private long deletedAt;

  /**
   * @param deletedAt timestamp up to which writes are deleted, microseconds
   */
  StoredRow(Position position, long deletedAt) {
    this.position = position;
    this.deletedAt = deletedAt;
  }

  void write(Row row, long expiresAt) {
    long timestamp = row.writeTimestampMicros();
    if (row.table() != Table.IDENTITY) {
      put(MARKER, "", timestamp, expiresAt);
    }
    row.cells()
        .forEach(
            (column, value) -> {
              if (column.equals(MessageColumns.LISTINGS) && value instanceof Map<?, ?> listings) {
                listings.forEach(
                    (listedAt, shards) ->
                        put(LISTING + listedAt, Map.entry(listedAt, shards), timestamp, expiresAt));
              } else {
                put(column, value, timestamp, expiresAt);
              }
            });
  }

  /**
   * Writes one cell.
   *
   * @param value null to delete it
   */
  void put(String column, @Nullable Object value, long timestamp, long expiresAt) {
    if (timestamp > deletedAt) {
      cells.merge(column, new Cell(value, timestamp, expiresAt), Cell::winner);
    }
  }

  void delete(long timestamp) {
    deletedAt = Math.max(deletedAt, timestamp);
    cells.values().removeIf(cell -> cell.timestamp <= deletedAt);
  }

  boolean isLive(long now) {
    return cells.values().stream().anyMatch(cell -> cell.isLive(now));
  }

  /** When the newest live cell was written, microseconds. */
  long writtenAt(long now) {
    return cells.values().stream()
        .filter(cell -> cell.isLive(now))
        .mapToLong(Cell::timestamp)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** Whether a live cell was written at or before a time, microseconds. */
  boolean writtenBy(long timestamp, long now) {
    return cells.values().stream()
        .anyMatch(cell -> cell.isLive(now) && cell.timestamp <= timestamp);
  }

  /** When a cell was written, microseconds; 0 if it is not there. */
  long writtenAt(String column) {
    Cell cell = cells.get(column);
    return cell == null ? 0 : cell.timestamp;
  }

  /** When a cell that is there expires, epoch milliseconds. */
  long expiresAt(String column) {
    Cell cell = cells.get(column);
    if (cell == null) {
      throw new IllegalStateException("column " + column + " is not set");
    }
    return cell.expiresAt;
  }

  Map<String, Object> cells(long now) {
    Map<String, Object> live = new LinkedHashMap<>();
    cells.forEach(
        (column, cell) -> {
          if (cell.value != null
              && cell.expiresAt > now
              && !column.equals(MARKER)
              && !column.startsWith(LISTING)) {
            live.put(column, cell.value);
          }
        });
    Map<Object, Object> listings = listings(now);
    if (!listings.isEmpty()) {
      live.put(MessageColumns.LISTINGS, listings);
    }
    return live;
  }

  /** The columns that identify its message and user. */
  RowScanner.ScannedRow scanned(PartitionKey partition, long now) {
    Map<String, Object> live = cells(now);
    live.keySet().retainAll(RowScanner.columns(partition.table()));
    LongSummaryStatistics writes =
        stored(now).cells().values().stream()
            .mapToLong(StoredCell::writeTimestampMicros)
            .filter(written -> written != StoredCell.UNKNOWN_WRITE)
            .summaryStatistics();
    return new RowScanner.ScannedRow(
        new RowKey(partition, position.time(), position.id()),
        live,
        writes.getMin(),
        writes.getMax());
  }

  /** The live cells with their write timestamps. */
  StoredCells stored(long now) {
    Map<String, StoredCell> live = new LinkedHashMap<>();
    cells.forEach(
        (column, cell) -> {
          if (cell.value != null
              && cell.expiresAt > now
              && !column.equals(MARKER)
              && !column.startsWith(LISTING)) {
            Integer ttl =
                cell.expiresAt == Long.MAX_VALUE
                    ? null
                    : Integer.valueOf((int) ((cell.expiresAt - now) / 1000));
            live.put(column, new StoredCell(cell.value, cell.timestamp, ttl));
          }
        });
    Map<Object, Object> listings = listings(now);
    if (!listings.isEmpty()) {
      live.put(MessageColumns.LISTINGS, new StoredCell(listings, StoredCell.UNKNOWN_WRITE, null));
    }
    return new StoredCells(live);
  }

  private Map<Object, Object> listings(long now) {
    Map<Object, Object> listings = new TreeMap<>();
    cells.forEach(
        (column, cell) -> {
          if (column.startsWith(LISTING)
              && cell.isLive(now)
              && cell.value instanceof Map.Entry<?, ?> listing) {
            listings.put(listing.getKey(), listing.getValue());
          }
        });
    return listings;
  }

  /**
   * One cell.
   *
   * @param value null if deleted
   */
  private record Cell(@Nullable Object value, long timestamp, long expiresAt) {
    boolean isLive(long now) {
      return value != null && expiresAt > now;
    }

    /**
     * The later write wins; of two with one timestamp a deletion, then the later expiry, then an
     * arbitrary but fixed one.
     */
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
