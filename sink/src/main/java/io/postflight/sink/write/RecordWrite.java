package io.postflight.sink.write;

import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.backpressure.WindowAdmission;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.write.RecordDecoder.Rejected;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A record in flight: from being tracked until all its rows are settled (a command counts as one
 * row). If a row was rejected, the whole record goes to the dead letters once its other rows are
 * settled.
 */
final class RecordWrite implements RowCallback {
  /** Maintains the record's share of the window. */
  @FunctionalInterface
  interface Listener {
    /** Called once, when all rows are settled. */
    void settled(RecordWrite write);

    /** All rows that are sent promptly are settled, and none was rejected. */
    default void visible(RecordWrite write) {}

    /** Some of its rows became blocked, before {@link #release} or concurrently. */
    default void blocked(int rows, long bytes) {}
  }

  /** Arrival time of records whose latency is not measured. */
  static final long NOT_MEASURED = 0;

  private final TaskGeneration generation;
  private final long ticket;
  private final SourceRecord source;
  private final Listener listener;
  private final AtomicInteger unsettled = new AtomicInteger();

  /** Rows that are sent promptly and are not settled. */
  private final AtomicInteger prompt = new AtomicInteger();

  private int rows;
  private long bytes;
  private long arrivedAt;

  /** Why it cannot be stored. */
  private volatile @Nullable Rejected rejection;

  /** Rows blocked by their replicas, and settled rows that were never blocked. */
  private int blockedRows;

  private int settledRows;

  /** Rows counted as blocked in the window: both of the above, once there is a blocked one. */
  private int countedBlocked;

  private boolean released;

  /**
   * Creates the state of a record that has just been tracked.
   *
   * @param listener maintains the window
   */
  RecordWrite(TaskGeneration generation, long ticket, SourceRecord source, Listener listener) {
    this.generation = generation;
    this.ticket = ticket;
    this.source = source;
    this.listener = listener;
  }

  /**
   * Sets the record's share of the window, before any of its rows is dispatched.
   *
   * @param promptCount how many of the rows do not linger
   */
  void setSize(int rowCount, int promptCount, long byteCount, long arrived) {
    rows = rowCount;
    prompt.set(promptCount);
    bytes = byteCount;
    arrivedAt = arrived;
    unsettled.set(rowCount);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** Arrival time of the webhook that caused it, epoch milliseconds, or NOT_MEASURED. */
  long arrivedAt() {
    return arrivedAt;
  }

  SourceRecord source() {
    return source;
  }

  @Nullable Rejected rejection() {
    return rejection;
  }

  /** Calls the listener once all records before this one in its partition are acknowledged. */
  void await(OffsetTracker.TicketListener listener) {
    generation.await(ticket, listener);
  }

  void acknowledge() {
    generation.acknowledge(ticket);
  }

  @Override
  public boolean cancelled() {
    return generation.closed();
  }

  @Override
  public void promptRowSettled() {
    if (prompt.decrementAndGet() == 0) {
      listener.visible(this);
    }
  }

  @Override
  public void rowSettled() {
    int more;
    synchronized (this) {
      settledRows++;
      more = blockedRows == 0 ? 0 : countBlocked(1);
    }
    reportBlocked(more);
    blockedRowSettled();
  }

  @Override
  public void blockedRowSettled() {
    if (unsettled.decrementAndGet() == 0) {
      listener.settled(this);
    }
  }

  @Override
  public void rowBlocked() {
    int more;
    synchronized (this) {
      more = countBlocked(blockedRows++ == 0 ? 1 + settledRows : 1);
    }
    reportBlocked(more);
  }

  private int countBlocked(int more) {
    int added = released ? 0 : Math.min(more, rows - countedBlocked);
    countedBlocked += added;
    return added;
  }

  private void reportBlocked(int more) {
    if (more > 0) {
      generation.block(more * rowBytes());
      listener.blocked(more, more * rowBytes());
    }
  }

  private long rowBytes() {
    return bytes / rows;
  }

  /** Releases its share of the window. */
  void release(WindowAdmission admission) {
    int blocked;
    synchronized (this) {
      released = true;
      blocked = countedBlocked;
    }
    long blockedBytes = blocked == 0 ? 0 : blocked * rowBytes();
    generation.block(-blockedBytes);
    admission.release(rows, bytes, blocked, blockedBytes);
  }

  @Override
  public void rowRejected(RejectionReason reason, String detail) {
    rejection = new Rejected(reason, detail);
    rowSettled();
  }

  /** Rejects the whole record: none of its rows has been dispatched. */
  void reject(Rejected why) {
    rejection = why;
    listener.settled(this);
  }
}
