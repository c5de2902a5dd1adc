package io.postflight.replay;

/**
 * Result of a drill.
 *
 * @param tier the tier
 * @param rows rows before the tables were dropped
 * @param restoredRows rows after the restore
 * @param differences rows that differ from the topic, and missing rows
 * @param seconds duration of the restore
 * @param rowsPerSecond restored rows per second
 */
public record DrillReport(
    String tier,
    long rows,
    long restoredRows,
    long differences,
    double seconds,
    long rowsPerSecond) {
  /** Whether all rows were restored. */
  public boolean recovered() {
    return rows == restoredRows && differences == 0;
  }
}
