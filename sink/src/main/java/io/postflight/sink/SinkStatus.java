package io.postflight.sink;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Status of a tier's sink.
 *
 * @param sink name of the sink: its tier, plus its lane if it is not the main lane
 * @param state its state
 * @param reason why it is not RUNNING, human-readable; null if it is
 * @param lagRecords records of its partitions that are not acknowledged
 * @param rowsInFlight rows accepted and not acknowledged
 * @param oldestUnacknowledged age of the oldest record that is not acknowledged
 * @param partitions its assigned partitions, by number
 */
public record SinkStatus(
    String sink,
    State state,
    @Nullable String reason,
    long lagRecords,
    int rowsInFlight,
    Duration oldestUnacknowledged,
    Map<Integer, Partition> partitions) {
  /** States of a sink. */
  public enum State {
    /** Awaits Kafka or its topics. */
    STARTING,
    /** Consumption is paused: awaits the database or the schema registry. */
    PAUSED,
    /** Writes. */
    RUNNING,
    /** Is shutting down. */
    STOPPING,
    /** Has stopped. */
    STOPPED,
    /** Failed permanently; after the cause in the reason is fixed it has to be restarted. */
    FAILED
  }

  /**
   * Status of a partition.
   *
   * @param committed the offset last committed by this instance, -1 if none
   * @param acknowledgedBelow the offset below which all is acknowledged, -1 if nothing was read
   * @param outstanding records from there on that are not acknowledged
   */
  public record Partition(long committed, long acknowledgedBelow, int outstanding) {}

  /** Copies the map. */
  public SinkStatus {
    partitions = Map.copyOf(partitions);
  }
}
