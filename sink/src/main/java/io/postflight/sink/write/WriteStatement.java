package io.postflight.sink.write;

import io.postflight.sink.time.Scheduler;
import io.postflight.store.PartitionKey;
import io.postflight.store.Row;
import io.postflight.store.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one database partition that are sent together until they are settled. Guarded by the lock
 * of its queue, apart from the rows, which change only between two attempts.
 */
final class WriteStatement {
  final ReplicaLimiter replicas;
  final List<PendingRow> rows;

  /** The coordinator of the attempt in flight, if the queue chose one. */
  @Nullable Object coordinator;

  /** The coordinator of the last attempt, if that failed. */
  @Nullable Object failedCoordinator;

  /** When the last attempt was sent, nanoseconds. */
  long sentAt;

  final RequestFailures failures = new RequestFailures();

  /** Ends the backoff. */
  Scheduler.@Nullable Timer timer;

  private WriteStatement(ReplicaLimiter replicas, List<PendingRow> rows) {
    this.replicas = replicas;
    this.rows = rows;
  }

  /** A statement that occupies a slot of its replicas until it is released. */
  static WriteStatement acquire(ReplicaLimiter replicas, List<PendingRow> rows) {
    replicas.acquire();
    return new WriteStatement(replicas, rows);
  }

  Table table() {
    return rows.get(0).row().table();
  }

  /** Without the ids of messages and users, since it is logged. */
  String describe() {
    PartitionKey partition = rows.get(0).row().partition();
    return rows.size() + " rows of " + table() + " of tenant " + partition.tenant();
  }

  List<Row> plainRows() {
    List<Row> plain = new ArrayList<>(rows.size());
    for (PendingRow row : rows) {
      plain.add(row.row());
    }
    return plain;
  }

  /** Moves the rows that were cancelled to the list. */
  void dropCancelled(List<PendingRow> dropped) {
    rows.removeIf(row -> row.callback().cancelled() && dropped.add(row));
  }

  /** Marks all rows as blocked, and adds those to the list that were not. */
  void block(List<PendingRow> blocked) {
    rows.stream().filter(PendingRow::block).forEach(blocked::add);
  }

  boolean isUnblocked() {
    return rows.stream().anyMatch(row -> !row.isBlocked());
  }

  void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
