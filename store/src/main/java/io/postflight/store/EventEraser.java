package io.postflight.store;

import io.postflight.schema.erasure.Erasure;
import java.util.concurrent.CompletionStage;

/**
 * Applies privacy commands to the rows of one tier. It is idempotent and commutes with other
 * commands and with writes of earlier records, as long as the database keeps its tombstones.
 */
public interface EventEraser {
  /**
   * Erases a message, all rows of a user up to the command's time, or fields of a message. Never
   * blocks and never throws.
   *
   * @param command a command, not a completion notice
   * @param timestampMicros write timestamp of the deletes: {@link
   *     io.postflight.schema.erasure.ErasureTimes}
   * @return completes once the database has acknowledged every delete, with the number of rows that
   *     were deleted or changed; fails with {@link StoreException} only
   */
  CompletionStage<Long> erase(Erasure command, long timestampMicros);
}
