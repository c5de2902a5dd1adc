package io.postflight.sink;

import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The sink's window and queue for bounded jobs: rows go to the database as a sink would send them,
 * with its grouping and its retries, but whoever hands them in may wait for room. A database that
 * is away is waited for without end.
 */
public final class BoundedWriter implements AutoCloseable {
  /**
   * Told once what became of the rows of one submission. Called from any thread; must not block.
   */
  @FunctionalInterface
  public interface Settled {
    /**
     * Every row is written, was expired, or was refused.
     *
     * @param refusal why the database will never take one of them; null: it has taken all
     */
    void settled(@Nullable String refusal);
  }

  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final Window window;
  private final PooledScheduler timers;
  private final WriteQueue queue;
  private final LongAdder written = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final AtomicReference<@Nullable WriteException> fault = new AtomicReference<>();

  /** What waiters wait on. */
  private final Object room = new Object();

  private volatile boolean closed;

  /**
   * A writer with nothing in flight.
   *
   * @param name of its threads
   * @param writer where rows go; not closed with this
   */
  public BoundedWriter(String name, EventWriter writer, WriteLimits limits) {
    window = Window.of(limits.windowRows(), limits.windowBytes());
    timers = new PooledScheduler(name, 1);
    Backoff backoff =
        new Backoff(FIRST_RETRY, LONGEST_RETRY, () -> ThreadLocalRandom.current().nextDouble());
    queue = new WriteQueue(writer, limits, backoff, timers, System::nanoTime, new Counting());
  }

  /**
   * Takes rows in if there is room for them in time.
   *
   * @param rows one or more
   * @param most how long may be waited for room
   * @return whether they were taken in
   * @throws WriteException if no write can succeed any more
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws IllegalStateException if this is closed
   */
  public boolean submit(List<Row> rows, Settled settled, Duration most)
      throws InterruptedException {
    long bytes = 0;
    for (Row row : rows) {
      bytes += row.sizeBytes();
    }
    if (!enter(rows.size(), bytes, most)) {
      return false;
    }
    queue.submit(rows, new Submission(rows.size(), bytes, settled));
    return true;
  }

  /**
   * Waits until nothing is in flight.
   *
   * @return whether that came true in time
   * @throws WriteException if no write can succeed any more
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitEmpty(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    synchronized (room) {
      while (window.count() > 0) {
        requireSound();
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(room, Math.max(left, 1_000_000));
      }
      return true;
    }
  }

  /** Rows that the database has acknowledged. */
  public long written() {
    return written.sum();
  }

  /** Rows whose life was over when it was their turn. */
  public long expired() {
    return expired.sum();
  }

  /** Rows sent again after a failure that may pass. */
  public long retried() {
    return retried.sum();
  }

  /** Rows in flight. */
  public int inFlight() {
    return window.count();
  }

  /** Why no write can succeed any more; null: they can. */
  public @Nullable WriteException fault() {
    return fault.get();
  }

  /** Sends nothing any more. What is in flight may or may not be written. */
  @Override
  public void close() {
    closed = true;
    queue.stop();
    timers.close();
    wakeAll();
  }

  private boolean enter(int rows, long bytes, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    synchronized (room) {
      while (true) {
        requireSound();
        if (window.tryAdmit(rows, bytes)) {
          return true;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(room, Math.max(left, 1_000_000));
      }
    }
  }

  private void requireSound() {
    WriteException why = fault.get();
    if (why != null) {
      throw why;
    }
    if (closed) {
      throw new IllegalStateException("the writer is closed");
    }
  }

  private void leave(int rows, long bytes) {
    window.release(rows, bytes);
    if (window.roomy()) {
      wakeAll();
    }
  }

  private void wakeAll() {
    synchronized (room) {
      room.notifyAll();
    }
  }

  /** Rows that were handed in together. */
  private final class Submission implements RowOwner {
    private final int rows;
    private final long bytes;
    private final Settled settled;
    private final AtomicInteger unsettled;
    private volatile @Nullable String refusal;

    private Submission(int rows, long bytes, Settled settled) {
      this.rows = rows;
      this.bytes = bytes;
      this.settled = settled;
      this.unsettled = new AtomicInteger(rows);
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public void rowSettled() {
      if (unsettled.decrementAndGet() == 0) {
        settled.settled(refusal);
        leave(rows, bytes);
      }
    }

    @Override
    public void rowRefused(RejectionReason reason, String detail) {
      refusal = detail;
      rowSettled();
    }
  }

  private final class Counting implements WriteListener {
    @Override
    public void written(Table table, WriteResult result, long nanos) {
      written.add(result.written());
      expired.add(result.expired());
    }

    @Override
    public void retried(Table table, int rows) {
      retried.add(rows);
    }

    @Override
    public void refused(Table table) {
      // The submission is told of it.
    }

    @Override
    public void fatal(WriteException why) {
      fault.compareAndSet(null, why);
      wakeAll();
    }
  }
}
