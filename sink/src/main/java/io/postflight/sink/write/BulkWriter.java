package io.postflight.sink.write;

import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.backpressure.InFlightWindow;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.PooledScheduler;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.Table;
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
 * Writes rows of bounded jobs, such as a restore, with the sink's batching, retries and limits on
 * data in flight. A caller waits while the limits are reached. While the database is unavailable,
 * writes are retried indefinitely.
 */
public final class BulkWriter implements AutoCloseable {
  /**
   * Called once when the rows of one submission have completed. Called from any thread; must not
   * block.
   */
  @FunctionalInterface
  public interface Settled {
    /**
     * Every row is written, had expired, or was rejected.
     *
     * @param rejection why the database rejected one of them permanently; null if it accepted all
     */
    void settled(@Nullable String rejection);
  }

  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final InFlightWindow window;
  private final PooledScheduler timers;
  private final WriteQueue queue;
  private final LongAdder written = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final AtomicReference<@Nullable StoreException> fault = new AtomicReference<>();

  /** Callers that await capacity wait on it. */
  private final Object capacity = new Object();

  private volatile boolean closed;

  /**
   * Creates a writer with nothing in flight.
   *
   * @param name name of its threads
   * @param writer the store's writer; not closed with this
   */
  public BulkWriter(String name, EventWriter writer, SinkLimits limits) {
    window = new InFlightWindow(limits.window().rows(), limits.window().bytes());
    timers = new PooledScheduler(name, 1);
    Backoff backoff =
        new Backoff(FIRST_RETRY, LONGEST_RETRY, () -> ThreadLocalRandom.current().nextDouble());
    queue = new WriteQueue(writer, limits, backoff, timers, System::nanoTime, new Counting());
  }

  /**
   * Submits rows if there is capacity for them in time.
   *
   * @param rows one or more
   * @param timeout how long to wait for capacity
   * @return whether they were accepted
   * @throws StoreException if no further write can succeed
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws IllegalStateException if this is closed
   */
  public boolean submit(List<Row> rows, Settled settled, Duration timeout)
      throws InterruptedException {
    long bytes = 0;
    for (Row row : rows) {
      bytes += row.sizeBytes();
    }
    if (!enter(rows.size(), bytes, timeout)) {
      return false;
    }
    queue.submit(rows, new Submission(rows.size(), bytes, settled));
    return true;
  }

  /**
   * Waits until nothing is in flight.
   *
   * @return whether that happened in time
   * @throws StoreException if no further write can succeed
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitEmpty(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    queue.flush();
    synchronized (capacity) {
      while (window.count() > 0) {
        requireSound();
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(capacity, Math.max(left, 1_000_000));
      }
      return true;
    }
  }

  /** Rows that the database has acknowledged. */
  public long written() {
    return written.sum();
  }

  /** Rows that had expired before they were written. */
  public long expired() {
    return expired.sum();
  }

  /** Rows in flight. */
  public int inFlight() {
    return window.count();
  }

  /** Stops sending. Rows in flight may or may not be written. */
  @Override
  public void close() {
    closed = true;
    queue.stop();
    timers.close();
    wakeAll();
  }

  private boolean enter(int rows, long bytes, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (capacity) {
      while (true) {
        requireSound();
        if (window.tryAdmit(rows, bytes)) {
          return true;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(capacity, Math.max(left, 1_000_000));
      }
    }
  }

  private void requireSound() {
    StoreException why = fault.get();
    if (why != null) {
      throw why;
    }
    if (closed) {
      throw new IllegalStateException("the writer is closed");
    }
  }

  private void leave(int rows, long bytes) {
    window.release(rows, bytes);
    if (window.hasCapacity()) {
      wakeAll();
    }
  }

  private void wakeAll() {
    synchronized (capacity) {
      capacity.notifyAll();
    }
  }

  /** Rows that were submitted together. */
  private final class Submission implements RowCallback {
    private final int rows;
    private final long bytes;
    private final Settled settled;
    private final AtomicInteger unsettled;
    private volatile @Nullable String rejection;

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
    public int rows() {
      return rows;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void rowSettled() {
      if (unsettled.decrementAndGet() == 0) {
        settled.settled(rejection);
        leave(rows, bytes);
      }
    }

    @Override
    public void rowRejected(RejectionReason reason, String detail) {
      rejection = detail;
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
      // Not reported.
    }

    @Override
    public void rejected(Table table) {
      // Reported to the submission.
    }

    @Override
    public void fatal(StoreException why) {
      fault.compareAndSet(null, why);
      wakeAll();
    }
  }
}
