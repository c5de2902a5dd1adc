package io.postflight.sink;

import io.postflight.schema.topic.RejectionReason;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

  /** Instead of an arrival: how long it took says nothing. */
  static final long NOT_MEASURED = 0;

  private final Incarnation incarnation;
  private final long ticket;
  private final SourceRecord source;
  private final Consumer<RecordWrite> settled;
  private final AtomicInteger unsettled = new AtomicInteger();

  private int rows;
  private long bytes;
  private long arrivedAt;
  private volatile @Nullable Refusal refusal;

  /**
   * A record that has just been tracked.
   *
   * @param settled called once, when nothing of it is left to be written
   */
  RecordWrite(
      Incarnation incarnation, long ticket, SourceRecord source, Consumer<RecordWrite> settled) {
    this.incarnation = incarnation;
    this.ticket = ticket;
    this.source = source;
    this.settled = settled;
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
    if (unsettled.decrementAndGet() == 0) {
      settled.accept(this);
    }
  }

  @Override
  public void rowRefused(RejectionReason reason, String detail) {
    refusal = new Refusal(reason, detail);
    rowSettled();
  }

  /** Refuses the record as a whole: none of its rows has been handed on. */
  void refuse(RejectionReason reason, String detail) {
    refusal = new Refusal(reason, detail);
    settled.accept(this);
  }
}
