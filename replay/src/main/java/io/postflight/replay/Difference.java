package io.postflight.replay;

import io.postflight.store.RowKey;
import java.util.List;

/**
 * A row that differs from its record in the topic.
 *
 * @param key key of the row
 * @param kind how the row differs
 * @param detail human-readable; names columns, never their values
 * @param columns the affected columns; empty for the whole row
 * @param topic topic of the record
 * @param partition partition of the record
 * @param offset offset of the record
 * @param appendedAt append time, epoch milliseconds
 * @param repair outcome of the repair
 */
public record Difference(
    RowKey key,
    Defect kind,
    String detail,
    List<String> columns,
    String topic,
    int partition,
    long offset,
    long appendedAt,
    Repair repair) {
  /** How a row differs. */
  public enum Defect {
    /** The row is missing. */
    MISSING,
    /** The row is from an older write. */
    STALE,
    /** The row is from the same write but has other values. */
    DIFFERENT,
    /** The row expires too late or too early. */
    TTL,
    /** The row should have been erased. */
    NOT_ERASED
  }

  /** Outcome of a repair. */
  public enum Repair {
    /** No repair was requested. */
    NONE,
    /** The row was repaired. */
    REPAIRED,
    /** Writing the row again did not repair it. */
    IMPOSSIBLE
  }

  /** Validates. */
  public Difference {
    columns = List.copyOf(columns);
  }

  Difference after(Repair outcome) {
    return new Difference(
        key, kind, detail, columns, topic, partition, offset, appendedAt, outcome);
  }
}
