package io.postflight.sink.write;

import io.postflight.store.PartitionKey;
import io.postflight.store.Row;
import io.postflight.store.Table;

/** A row in a queue with its callback. Guarded by the queue's lock. */
final class PendingRow {
  private final Row row;
  private final RowCallback callback;
  private boolean blocked;

  PendingRow(Row row, RowCallback callback) {
    this.row = row;
    this.callback = callback;
  }

  /**
   * Whether rows of a partition may wait for others. Rows of a listing do: a partition of it has
   * the messages of a whole tenant, and nobody awaits their place in it.
   */
  static boolean lingers(PartitionKey partition) {
    return partition.table() == Table.MESSAGE_BY_TIME;
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
    if (!lingers(row.partition())) {
      callback.promptRowSettled();
    }
    if (blocked) {
      callback.blockedRowSettled();
    } else {
      callback.rowSettled();
    }
  }
}
