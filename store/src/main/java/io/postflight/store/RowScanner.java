package io.postflight.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Scans all rows of a table, to find rows that must not exist. Rows that are written during the
 * scan may be missed or read twice.
 */
public interface RowScanner {
  /**
   * Reads a page of a slice. Never blocks and never throws.
   *
   * @param slice number of the slice, from 0
   * @param slices number of equal slices of the table's token range
   * @param after end of the previous page; null for the first page
   * @param limit maximum rows of a page
   * @return fails with {@link StoreException} only
   */
  CompletionStage<ScanPage> scan(
      Table table, int slice, int slices, @Nullable ByteBuffer after, int limit);

  /**
   * A page of a scan.
   *
   * @param next its end; null if it is the last page of the slice
   */
  record ScanPage(List<ScannedRow> rows, @Nullable ByteBuffer next) {
    /** Copies the list. */
    public ScanPage {
      rows = List.copyOf(rows);
    }
  }

  /**
   * The columns of a row that identify its message and user.
   *
   * @param key its key
   * @param cells of {@code message} created_at, user_id, alias, redacted and listings, of {@code
   *     message_by_time} created_at, user_id, alias and error_code, of {@code timeline} message_id,
   *     alias and error_code, of {@code identity} none; only columns with a value
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
      case MESSAGE ->
          List.of("created_at", "user_id", "alias", "redacted", MessageColumns.LISTINGS);
      case MESSAGE_BY_TIME -> List.of("created_at", "user_id", "alias", "error_code");
      case TIMELINE -> List.of("message_id", "alias", "error_code");
      case IDENTITY -> List.of();
    };
  }
}
