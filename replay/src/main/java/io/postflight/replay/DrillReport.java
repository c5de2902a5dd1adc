package io.postflight.replay;

/**
 * How a drill went.
 *
 * @param tier the tier that was practised for
 * @param rows rows in the tables before they were lost
 * @param restoredRows rows in them afterwards
 * @param differences rows that were not as the topic says, and rows lost
 * @param seconds how long the restore took
 * @param rowsPerSecond rows in the tables afterwards, by that
 */
public record DrillReport(
    String tier,
    long rows,
    long restoredRows,
    long differences,
    double seconds,
    long rowsPerSecond) {
  /** Whether all came back as it was. */
  public boolean recovered() {
    return rows == restoredRows && differences == 0;
  }
}
