package io.postflight.sink.write;

import io.postflight.store.Row;

/** A row in a queue with its callback. Guarded by the queue's lock. */
final class PendingRow {
  private final Row row;
  private final RowCallback callback;
  private boolean blocked;

  PendingRow(Row row, RowCallback callback) {
    this.row = row;
    this.callback = callback;
  }

  Row row() {
    return row;
  }

  RowCallback callback() {
    return callback;
  }

  /** Marks the row as blocked by its replicas. Returns whether that is new. */
  boolean block() {
    boolean first = !blocked;
    blocked = true;
    return first;
  }

  boolean isBlocked() {
    return blocked;
  }

  /** Notifies the callback that the row is settled. To be called without the lock. */
  void settled() {
    if (blocked) {
      callback.blockedRowSettled();
    } else {
      callback.rowSettled();
    }
  }
}
