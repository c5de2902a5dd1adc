package io.postflight.sink;

import io.postflight.store.Row;

/** A row in a queue, and who is to be told of it. Guarded by the queue's lock. */
final class OwnedRow {
  private final Row row;
  private final RowOwner owner;
  private boolean blocked;

  OwnedRow(Row row, RowOwner owner) {
    this.row = row;
    this.owner = owner;
  }

  Row row() {
    return row;
  }

  RowOwner owner() {
    return owner;
  }

  /** It has to wait for its replicas. Returns whether that is new. */
  boolean block() {
    boolean first = !blocked;
    blocked = true;
    return first;
  }

  boolean isBlocked() {
    return blocked;
  }

  /** Tells its owner, without the lock: it is settled. */
  void settled() {
    if (blocked) {
      owner.blockedRowSettled();
    } else {
      owner.rowSettled();
    }
  }
}
