package io.postflight.store;

import java.util.concurrent.CompletionStage;

/** Deletes single rows by key. */
public interface RowRemover {
  /**
   * Deletes the cells of a row that were written at or before a timestamp. Never blocks and never
   * throws. Idempotent.
   *
   * @param timestampMicros write timestamp of the delete, microseconds
   * @return fails with {@link StoreException} only
   */
  CompletionStage<Void> remove(RowKey key, long timestampMicros);
}
