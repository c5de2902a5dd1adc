package io.postflight.store;

import java.util.concurrent.CompletionStage;

/** Deletes single rows, or partitions, by key. */
public interface RowRemover {
  /**
   * Deletes the cells of a row that were written at or before a timestamp. Never blocks and never
   * throws. Idempotent. Once rows of a timeline are removed, {@link #repairPointers} has to follow.
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

  /**
   * Moves the pointers that lead to deleted events to the last events that remain, or deletes them.
   * Never blocks and never throws. Idempotent.
   *
   * @param partition a partition of {@link Table#TIMELINE}
   * @return fails with {@link StoreException} only
   */
  CompletionStage<Void> repairPointers(PartitionKey partition);
}
