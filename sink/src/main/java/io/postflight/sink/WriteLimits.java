package io.postflight.sink;

import java.time.Duration;

/**
 * How much one tier's sink has in its hands, and how it groups rows into statements.
 *
 * @param windowRows rows taken in and not acknowledged, before the intake waits
 * @param windowBytes the same in bytes
 * @param partitionBytes bytes of one Kafka partition that may wait for replicas that do not take
 *     them, before the partition is paused; they are not counted in the window as long as others
 *     are written
 * @param batchRows rows of one partition in one statement, at most
 * @param batchBytes bytes of one statement, at most; a larger row goes alone
 * @param maxRowBytes a larger row is never sent: its record becomes a dead letter
 * @param statements statements in flight, at most
 * @param eagerStatements below this many in flight a waiting row is sent at once; from it on, rows
 *     wait for others of their partition
 * @param linger how long a row waits so at most; whole milliseconds
 */
public record WriteLimits(
    int windowRows,
    long windowBytes,
    long partitionBytes,
    int batchRows,
    int batchBytes,
    int maxRowBytes,
    int statements,
    int eagerStatements,
    Duration linger) {
  /** For a cluster that answers within a few milliseconds. */
  public static final WriteLimits DEFAULT =
      new WriteLimits(
          2_048, 32 << 20, 4 << 20, 20, 128 << 10, 900 << 10, 128, 16, Duration.ofMillis(5));

  /** Validates. */
  public WriteLimits {
    atLeastOne("windowRows", windowRows);
    atLeastOne("windowBytes", windowBytes);
    atLeastOne("partitionBytes", partitionBytes);
    atLeastOne("batchRows", batchRows);
    atLeastOne("batchBytes", batchBytes);
    atLeastOne("maxRowBytes", maxRowBytes);
    atLeastOne("statements", statements);
    if (eagerStatements < 1 || eagerStatements > statements) {
      throw new IllegalArgumentException(
          "eagerStatements is " + eagerStatements + "; allowed is 1 to statements, " + statements);
    }
    if (linger.isNegative() || linger.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new IllegalArgumentException("linger is " + linger + "; allowed is 0 to 1 s");
    }
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; allowed are numbers from 1");
    }
  }
}
