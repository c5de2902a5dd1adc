package io.postflight.sink;

import java.time.Duration;

/**
 * Limits on the data in flight of one tier's sink, and how it batches rows into statements.
 *
 * @param windowRows unacknowledged rows at which consumption stops
 * @param windowBytes unacknowledged bytes at which consumption stops
 * @param partitionBytes bytes of one Kafka partition that may be blocked by unavailable replicas
 *     before the partition is paused; they do not count in the window while other rows are written
 * @param batchRows maximum rows of one partition in one statement
 * @param batchBytes maximum bytes of one statement; a larger row is sent alone
 * @param maxRowBytes maximum bytes of a row; a record with a larger one becomes a dead letter
 * @param statements maximum statements in flight
 * @param eagerStatements with fewer statements in flight rows are sent immediately; otherwise they
 *     wait for more rows of their partition
 * @param linger maximum time that a row waits for others; whole milliseconds
 */
public record SinkLimits(
    int windowRows,
    long windowBytes,
    long partitionBytes,
    int batchRows,
    int batchBytes,
    int maxRowBytes,
    int statements,
    int eagerStatements,
    Duration linger) {
  /** For a cluster that responds within a few milliseconds. */
  public static final SinkLimits DEFAULT =
      new SinkLimits(
          2_048, 32 << 20, 4 << 20, 20, 128 << 10, 900 << 10, 128, 16, Duration.ofMillis(5));

  /** Validates. */
  public SinkLimits {
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
