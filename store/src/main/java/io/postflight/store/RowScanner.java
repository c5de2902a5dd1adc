package io.postflight.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads every row of a table, whatever leads to it: for those who look for rows that must not be
 * there. Rows that are written meanwhile may be missed, or read twice.
 */
public interface RowScanner {
  /**
   * Reads a page of a slice. Never blocks and never throws.
   *
   * @param slice which of the slices, from 0
   * @param slices equal slices that the table's partitions are cut into
   * @param after where the page before ended; null: the slice's first page
   * @param limit rows of a page at most
   * @return fails with {@link ReadException} only
   */
  CompletionStage<Page> scan(
      Table table, int slice, int slices, @Nullable ByteBuffer after, int limit);

  /**
   * A page.
   *
   * @param next where it ended; null: the slice ends here
   */
  record Page(List<ScannedRow> rows, @Nullable ByteBuffer next) {
    /** Copies the list. */
    public Page {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A row, as far as it says whose it is.
   *
   * @param key its key
   * @param cells of {@code message} created_at, user_id, redacted and listings, of {@code
   *     message_by_time} created_at, user_id and error_code, of {@code timeline} message_id and
   *     error_code, of {@code latest} event; those that have a value
   * @param oldestWrite write timestamp of its oldest cell, microseconds
   * @param newestWrite write timestamp of its newest cell, microseconds
   */
  record ScannedRow(RowKey key, Map<String, Object> cells, long oldestWrite, long newestWrite) {
    /** Copies the map. */
    public ScannedRow {
      cells = Map.copyOf(cells);
    }
  }

  /** The columns that {@link ScannedRow#cells} has of a table. */
  static List<String> columns(Table table) {
    return switch (table) {
      case MESSAGE -> List.of("created_at", "user_id", "redacted", MessageColumns.LISTINGS);
      case MESSAGE_BY_TIME -> List.of("created_at", "user_id", "error_code");
      case TIMELINE -> List.of("message_id", "error_code");
      case LATEST -> List.of("event");
    };
  }
}
