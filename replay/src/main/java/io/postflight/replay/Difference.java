package io.postflight.replay;

import io.postflight.store.RowKey;
import java.util.List;

/**
 * A row that is not as the topic says.
 *
 * @param key where it stands
 * @param kind what is wrong
 * @param detail the same for people; names columns, never their values
 * @param columns the columns concerned; empty if it is the row as a whole
 * @param topic where the record stands that says so
 * @param partition its partition
 * @param offset its offset
 * @param appendedAt when it was appended, epoch milliseconds
 * @param repair what became of it
 */
public record Difference(
    RowKey key,
    Kind kind,
    String detail,
    List<String> columns,
    String topic,
    int partition,
    long offset,
    long appendedAt,
    Repair repair) {
  /** What is wrong with a row. */
  public enum Kind {
    /** It is not there. */
    MISSING,
    /** It is there as an older write left it. */
    STALE,
    /** The same write left other values. */
    DIFFERENT,
    /** It will live too long or too short. */
    TTL,
    /** It should have been erased. */
    NOT_ERASED
  }

  /** What became of a difference. */
  public enum Repair {
    /** Nothing: a repair was not asked for. */
    NONE,
    /** It is gone. */
    REPAIRED,
    /** Writing the row again did not help. */
    IMPOSSIBLE
  }

  /** Copies the list. */
  public Difference {
    columns = List.copyOf(columns);
  }

  Difference after(Repair outcome) {
    return new Difference(
        key, kind, detail, columns, topic, partition, offset, appendedAt, outcome);
  }
}
