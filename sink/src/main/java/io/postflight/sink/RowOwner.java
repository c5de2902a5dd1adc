package io.postflight.sink;

import io.postflight.schema.topic.RejectionReason;

/** Whoever handed rows to a {@link WriteQueue}; told once for each row what became of it. */
interface RowOwner {
  /** Whether the rows need not be written any more. May turn true at any time, never back. */
  boolean cancelled();

  /**
   * One row has to wait for its replicas: they failed to take it, or have as many statements as
   * they may. At most once for each row, and perhaps when it is settled already.
   */
  default void rowBlocked() {}

  /** {@link #rowSettled} for a row that was blocked. */
  default void blockedRowSettled() {
    rowSettled();
  }

  /** One row is written, was expired, or was left out because it was cancelled. */
  void rowSettled();

  /** The database will never take one row, and is itself in good health. */
  void rowRefused(RejectionReason reason, String detail);
}
