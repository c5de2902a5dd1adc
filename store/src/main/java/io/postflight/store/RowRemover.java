package io.postflight.store;

import java.util.concurrent.CompletionStage;

/** Deletes single rows whose key is known. */
public interface RowRemover {
  /**
   * Deletes the row that stands under a key, as far as its cells were written at or before a time.
   * Never blocks and never throws. Doing it again changes nothing.
   *
   * @param timestampMicros what the delete is stamped with, microseconds
   * @return fails with {@link WriteException} only
   */
  CompletionStage<Void> remove(RowKey key, long timestampMicros);
}
