package io.postflight.store;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads single rows exactly as the database holds them, for comparison. */
public interface RowReader {
  /**
   * The row that stands under a key now, with the write timestamp and the time left of each cell.
   * Never blocks and never throws.
   *
   * @return empty if there is none; fails with {@link ReadException} only
   */
  CompletionStage<Optional<StoredCells>> read(RowKey key);

  /** The row that stands where the given one belongs. */
  default CompletionStage<Optional<StoredCells>> read(Row row) {
    return read(RowKey.of(row));
  }
}
