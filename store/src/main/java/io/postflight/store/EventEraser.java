package io.postflight.store;

import io.postflight.schema.erasure.Erasure;
import java.util.concurrent.CompletionStage;

/**
 * Applies privacy commands to the rows of one tier. Applying a command any number of times, in any
 * order with others and with writes of what was before it, ends in the same rows, as long as the
 * database keeps its tombstones.
 */
public interface EventEraser {
  /**
   * Erases a message, all of a user's up to the command's time, or fields of a message. Never
   * blocks and never throws.
   *
   * @param command no completion notice
   * @param timestampMicros what deletes are stamped with: {@link
   *     io.postflight.schema.erasure.ErasureTimes}
   * @return completes once the database has acknowledged every delete, with the number of rows that
   *     were there and are erased or changed; fails with {@link WriteException} only
   */
  CompletionStage<Long> erase(Erasure command, long timestampMicros);
}
