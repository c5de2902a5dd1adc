package io.postflight.store;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads single rows exactly as they are stored, for comparison. */
public interface RowReader {
  /**
   * Reads the row with a key, with the write timestamp and remaining TTL of each cell. Never blocks
   * and never throws.
   *
   * @return the row, or empty if there is none; fails with {@link StoreException} only
   */
  CompletionStage<Optional<StoredCells>> read(RowKey key);

  /** Reads the row with the key of the given one. */
  default CompletionStage<Optional<StoredCells>> read(Row row) {
    return read(row.key());
  }
}
