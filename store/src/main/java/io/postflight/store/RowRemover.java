package io.postflight.store;

import java.util.concurrent.CompletionStage;

/** Deletes single rows, or partitions, by key. */
public interface RowRemover {
  /**
   * Deletes the cells of a row that were written at or before a timestamp. Of an event to which a
   * pointer leads, the pointer is moved to the event before it. Never blocks and never throws.
   * Idempotent; rows of one timeline partition must be removed one after another.
   *
   * @param timestampMicros write timestamp of the delete, microseconds
   * @return fails with {@link StoreException} only
   */
  CompletionStage<Void> remove(RowKey key, long timestampMicros);

  /**
   * Deletes the cells of a partition that were written at or before a timestamp. Never blocks and
   * never throws. Idempotent.
   *
   * @param partition a partition of {@link Table#TIMELINE}
   * @param timestampMicros write timestamp of the delete, microseconds
   * @return fails with {@link StoreException} only
   */
  CompletionStage<Void> remove(PartitionKey partition, long timestampMicros);
}
