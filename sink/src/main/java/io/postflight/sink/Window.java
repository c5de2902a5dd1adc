package io.postflight.sink;

/**
 * How much may be in flight: a number of rows and a number of bytes. What does not fit is refused,
 * except when nothing is in flight: a single record above the limits is let in alone, or it would
 * never be written.
 *
 * <p>It only counts. Who waits for room, and how long, is decided elsewhere.
 */
public final class Window {
  private final int maxCount;
  private final long maxBytes;
  private int count;
  private long bytes;

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

  /** Lets it in if it fits. */
  public synchronized boolean tryAdmit(int rows, long size) {
    boolean fits = count + rows <= maxCount && bytes + size <= maxBytes;
    if (!fits && count > 0) {
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

  /** Gives back what was let in. */
  public synchronized void release(int rows, long size) {
    if (rows > count || size > bytes) {
      throw new IllegalStateException(
          "released " + rows + " rows, " + size + " bytes of " + count + " rows, " + bytes);
    }
    count -= rows;
    bytes -= size;
  }

  /** Whether at most half of each limit is in use. */
  public synchronized boolean halfEmpty() {
    return count <= maxCount / 2 && bytes <= maxBytes / 2;
  }

  /**
   * Whether an eighth of each limit is free. Waking a waiter for each row that leaves would cost
   * more than writing the row.
   */
  public synchronized boolean roomy() {
    return count <= maxCount - maxCount / 8 && bytes <= maxBytes - maxBytes / 8;
  }

  /** Rows in flight. */
  public synchronized int count() {
    return count;
  }

  /** Bytes in flight. */
  public synchronized long bytes() {
    return bytes;
  }
}
