package io.postflight.sink;

/**
 * How much may be in flight: a number of rows and a number of bytes. What does not fit is refused,
 * except when nothing is in flight: a single record above the limits is let in alone, or it would
 * never be written.
 *
 * <p>What is <em>blocked</em>, since its replicas do not take it, leaves its room to others for as
 * long as others are written; it is bounded per Kafka partition, see {@link Incarnation}.
 *
 * <p>It only counts. Who waits for room, and how long, is decided elsewhere.
 */
public final class Window {
  private final int maxCount;
  private final long maxBytes;
  private int count;
  private long bytes;
  private int blockedCount;
  private long blockedBytes;

  private Window(int maxCount, long maxBytes) {
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

  /** An empty window. */
  public static Window of(int maxCount, long maxBytes) {
    return new Window(maxCount, maxBytes);
  }

  /** Lets it in if it fits beside all that is in flight. */
  public boolean tryAdmit(int rows, long size) {
    return tryAdmit(rows, size, false);
  }

  /**
   * Lets it in if it fits.
   *
   * @param besideBlocked whether what is blocked takes no room
   */
  synchronized boolean tryAdmit(int rows, long size, boolean besideBlocked) {
    int taken = besideBlocked ? count - blockedCount : count;
    long takenBytes = besideBlocked ? bytes - blockedBytes : bytes;
    boolean fits = taken + rows <= maxCount && takenBytes + size <= maxBytes;
    if (!fits && taken > 0) {
      return false;
    }
    admit(rows, size);
    return true;
  }

  /** Lets it in whether it fits or not. */
  public synchronized void admit(int rows, long size) {
    count += rows;
    bytes += size;
  }

  /** Counts some of what is in flight as blocked; negative: no longer. */
  synchronized void block(int rows, long size) {
    blockedCount += rows;
    blockedBytes += size;
  }

  /** Gives back what was let in. */
  public synchronized void release(int rows, long size) {
    if (rows > count || size > bytes) {
      throw new IllegalStateException(
          "released " + rows + " rows, " + size + " bytes of " + count + " rows, " + bytes);
    }
    count -= rows;
    bytes -= size;
  }

  /** Whether at most half of each limit is in use, apart from what is blocked. */
  public synchronized boolean halfEmpty() {
    return count - blockedCount <= maxCount / 2 && bytes - blockedBytes <= maxBytes / 2;
  }

  /**
   * Whether an eighth of each limit is free, apart from what is blocked. Waking a waiter for each
   * row that leaves would cost more than writing the row.
   */
  public synchronized boolean roomy() {
    return count - blockedCount <= maxCount - maxCount / 8
        && bytes - blockedBytes <= maxBytes - maxBytes / 8;
  }

  /** Rows in flight. */
  public synchronized int count() {
    return count;
  }

  /** Rows that are blocked, of those in flight. */
  synchronized int blockedCount() {
    return blockedCount;
  }

  /** Bytes in flight. */
  public synchronized long bytes() {
    return bytes;
  }
}
