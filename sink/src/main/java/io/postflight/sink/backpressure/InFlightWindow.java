package io.postflight.sink.backpressure;

import io.postflight.sink.commit.TaskGeneration;

/**
 * Counts the rows and bytes in flight against two limits. A record that does not fit is rejected
 * unless nothing is in flight: a single record above the limits is admitted alone, or it would
 * never be written.
 *
 * <p>Rows that are <em>blocked</em> by unavailable replicas do not count while other rows are
 * written; they are bounded per Kafka partition, see {@link TaskGeneration}.
 *
 * <p>It only counts; waiting is implemented by {@link WindowAdmission}.
 */
public final class InFlightWindow {
  private final int maxCount;
  private final long maxBytes;
  private int count;
  private long bytes;
  private int blockedCount;
  private long blockedBytes;

  /**
   * Creates an empty window.
   *
   * @param maxCount maximum number of rows in flight, from 1
   * @param maxBytes maximum size of the rows in flight, from 1
   */
  public InFlightWindow(int maxCount, long maxBytes) {
    if (maxCount < 1) {
      throw new IllegalArgumentException(
          "window count is " + maxCount + "; allowed are numbers from 1");
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException(
          "window bytes are " + maxBytes + "; allowed are numbers from 1");
    }
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  /** Admits rows if they fit. */
  public boolean tryAdmit(int rows, long size) {
    return tryAdmit(rows, size, false);
  }

  /**
   * Admits rows if they fit.
   *
   * @param besideBlocked whether blocked rows do not count
   */
  public synchronized boolean tryAdmit(int rows, long size, boolean besideBlocked) {
    int taken = besideBlocked ? count - blockedCount : count;
    long takenBytes = besideBlocked ? bytes - blockedBytes : bytes;
    boolean fits = taken + rows <= maxCount && takenBytes + size <= maxBytes;
    if (!fits && taken > 0) {
      return false;
    }
    admit(rows, size);
    return true;
  }

  /** Admits rows whether they fit or not. */
  synchronized void admit(int rows, long size) {
    count += rows;
    bytes += size;
  }

  /** Marks rows in flight as blocked; negative numbers unmark. */
  synchronized void block(int rows, long size) {
    blockedCount += rows;
    blockedBytes += size;
  }

  /** Releases admitted rows. */
  public synchronized void release(int rows, long size) {
    if (rows > count || size > bytes) {
      throw new IllegalStateException(
          "released " + rows + " rows, " + size + " bytes of " + count + " rows, " + bytes);
    }
    count -= rows;
    bytes -= size;
  }

  /** Whether at most half of each limit is in use, not counting blocked rows. */
  public synchronized boolean belowLowWatermark() {
    return count - blockedCount <= maxCount / 2 && bytes - blockedBytes <= maxBytes / 2;
  }

  /**
   * Whether an eighth of each limit is free, not counting blocked rows. Waking a waiting thread for
   * each released row would cost more than writing the row.
   */
  public synchronized boolean hasCapacity() {
    return count - blockedCount <= maxCount - maxCount / 8
        && bytes - blockedBytes <= maxBytes - maxBytes / 8;
  }

  /** Rows in flight. */
  public synchronized int count() {
    return count;
  }

  /** Rows that are blocked, of those in flight. */
  public synchronized int blockedCount() {
    return blockedCount;
  }

  /** Bytes in flight. */
  public synchronized long bytes() {
    return bytes;
  }
}
