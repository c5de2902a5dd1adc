package io.postflight.sink;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a tier's sink is doing.
 *
 * @param sink name of the sink: its tier, and its lane if it is not the main one
 * @param state where it stands
 * @param reason why it is not RUNNING, for people; null if it is
 * @param lagRecords records of its partitions that are not acknowledged
 * @param rowsInFlight rows taken in and not acknowledged
 * @param oldestUnacknowledged age of the oldest record that is not acknowledged
 * @param partitions per partition that it has
 */
public record SinkStatus(
    String sink,
    State state,
    @Nullable String reason,
    long lagRecords,
    int rowsInFlight,
    Duration oldestUnacknowledged,
    Map<Integer, Partition> partitions) {
  /** Where a sink stands. */
  public enum State {
    /** Waits for Kafka or its topics. */
    STARTING,
    /** Takes nothing in: waits for the database or the schema registry. */
    PAUSED,
    /** Writes. */
    RUNNING,
    /** Was told to stop. */
    STOPPING,
    /** Has stopped. */
    STOPPED,
    /** Has given up; somebody has to mend what the reason says, and start it again. */
    FAILED
  }

  /**
   * One partition.
   *
   * @param committed the offset last committed by this instance, -1 if none
   * @param acknowledgedBelow the offset below which all is acknowledged, -1 if nothing was read
   * @param outstanding records from there on that are being written
   */
  public record Partition(long committed, long acknowledgedBelow, int outstanding) {}

  /** Copies. */
  public SinkStatus {
    partitions = Map.copyOf(partitions);
  }
}
