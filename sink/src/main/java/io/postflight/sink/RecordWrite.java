package io.postflight.sink;

import io.postflight.schema.topic.RejectionReason;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A record in flight: from being tracked until all its rows are settled (a command counts as one
 * row). A record of which a row was refused goes to the dead letters as a whole, once its other
 * rows are settled.
 */
final class RecordWrite implements RowOwner {
  /**
   * Why a record cannot be stored.
   *
   * @param reason for machines
   * @param detail for people
   */
  record Refusal(RejectionReason reason, String detail) {}

  /** Whoever counts what a record takes of the window. */
  @FunctionalInterface
  interface Keeper {
    /** Called once, when nothing of it is left to be written. */
    void settled(RecordWrite write);

    /** Some of it leaves its room to others, before {@link #release} or at the same time. */
    default void blocked(int rows, long bytes) {}
  }

  /** Instead of an arrival: how long it took says nothing. */
  static final long NOT_MEASURED = 0;

  private final Incarnation incarnation;
  private final long ticket;
  private final SourceRecord source;
  private final Keeper keeper;
  private final AtomicInteger unsettled = new AtomicInteger();

  private int rows;
  private long bytes;
  private long arrivedAt;
  private volatile @Nullable Refusal refusal;

  /** Rows that have to wait for their replicas, and settled ones that never had to. */
  private int blockedRows;

  private int settledRows;

  /** Rows that count as blocked: the former, and with them the latter, which wait for them. */
  private int left;

  private boolean released;

  /**
   * A record that has just been tracked.
   *
   * @param keeper of the window
   */
  RecordWrite(Incarnation incarnation, long ticket, SourceRecord source, Keeper keeper) {
    this.incarnation = incarnation;
    this.ticket = ticket;
    this.source = source;
    this.keeper = keeper;
  }

  /** Sets what it takes of the window, before any of its rows is handed on. */
  void weigh(int itsRows, long itsBytes, long arrived) {
    rows = itsRows;
    bytes = itsBytes;
    arrivedAt = arrived;
    unsettled.set(itsRows);
  }

  int rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  /** When what caused it arrived, epoch milliseconds, or NOT_MEASURED. */
  long arrivedAt() {
    return arrivedAt;
  }

  SourceRecord source() {
    return source;
  }

  @Nullable Refusal refusal() {
    return refusal;
  }

  /** Tells when all records before this one in its partition are acknowledged. */
  void await(OffsetTracker.Turn turn) {
    incarnation.await(ticket, turn);
  }

  void acknowledge() {
    incarnation.acknowledge(ticket);
  }

  @Override
  public boolean cancelled() {
    return incarnation.closed();
  }

  @Override
  public void rowSettled() {
    int more;
    synchronized (this) {
      settledRows++;
      more = blockedRows == 0 ? 0 : leave(1);
    }
    leftRoom(more);
    blockedRowSettled();
  }

  @Override
  public void blockedRowSettled() {
    if (unsettled.decrementAndGet() == 0) {
      keeper.settled(this);
    }
  }

  @Override
  public void rowBlocked() {
    int more;
    synchronized (this) {
      more = leave(blockedRows++ == 0 ? 1 + settledRows : 1);
    }
    leftRoom(more);
  }

  private int leave(int more) {
    int leaving = released ? 0 : Math.min(more, rows - left);
    left += leaving;
    return leaving;
  }

  private void leftRoom(int more) {
    if (more > 0) {
      incarnation.block(more * rowBytes());
      keeper.blocked(more, more * rowBytes());
    }
  }

  private long rowBytes() {
    return bytes / rows;
  }

  /** Gives back its room, for good. */
  void release(Gate gate) {
    int blocked;
    synchronized (this) {
      released = true;
      blocked = left;
    }
    long blockedBytes = blocked == 0 ? 0 : blocked * rowBytes();
    incarnation.block(-blockedBytes);
    gate.leave(rows, bytes, blocked, blockedBytes);
  }

  @Override
  public void rowRefused(RejectionReason reason, String detail) {
    refusal = new Refusal(reason, detail);
    rowSettled();
  }

  /** Refuses the record as a whole: none of its rows has been handed on. */
  void refuse(RejectionReason reason, String detail) {
    refusal = new Refusal(reason, detail);
    keeper.settled(this);
  }
}
