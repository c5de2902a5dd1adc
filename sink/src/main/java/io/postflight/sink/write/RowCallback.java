package io.postflight.sink.write;

import io.postflight.schema.topic.RejectionReason;

/**
 * Callback of rows submitted to a {@link WriteQueue}; called once for each row with its outcome.
 */
interface RowCallback {
  /**
   * Whether writing the rows is no longer necessary. May become true at any time, never false
   * again.
   */
  boolean cancelled();

  /**
   * One row is blocked by its replicas: a write failed, or they have reached their limit of
   * statements. Called at most once for each row, possibly after it was settled.
   */
  default void rowBlocked() {}

  /** {@link #rowSettled} for a row that was blocked. */
  default void blockedRowSettled() {
    rowSettled();
  }

  /** Rows of the window that are not released before all rows of this callback are settled. */
  int rows();

  /** Bytes of the window that are not released before all rows of this callback are settled. */
  long bytes();

  /** A row that is sent promptly is settled and was not rejected; called before the others. */
  default void promptRowSettled() {}

  /** One row is written, had expired, or was skipped because it was cancelled. */
  void rowSettled();

  /** The database rejected one row permanently while it was healthy. */
  void rowRejected(RejectionReason reason, String detail);
}
