package io.postflight.sink.write;

import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.Scheduler;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends rows to the database, batched by partition.
 *
 * <p>Replicas that are unavailable or slow must not stop the others, so two limits apply. A
 * statement occupies one of the slots of {@link InFlightStatements} while it is in flight and not
 * overdue. And it occupies a slot of its partition's {@link ReplicaLimiter} until it is settled,
 * also while it backs off, so that unavailable replicas get fewer statements, not more. Rows that
 * await a slot of their replicas, and rows of statements that failed or are overdue, are reported
 * as blocked and release their capacity to others. {@link CoordinatorSelector} distributes the
 * statements over the nodes.
 *
 * <p>Failures are handled as {@link RequestFailures} describes. A batch that is rejected as invalid
 * is retried row by row, so that only single rows are rejected permanently.
 *
 * <p>It has no thread of its own: callers, completed writes and timers do its work.
 */
public final class WriteQueue {
  private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);
  private static final ThrottledLog WARNINGS = new ThrottledLog(LOG);

  /** For this time after a success the database is assumed to accept rows. */
  private static final long ACCEPTING_NANOS = Duration.ofMillis(500).toNanos();

  private final EventWriter writer;
  private final SinkLimits limits;
  private final Backoff backoff;
  private final Scheduler scheduler;
  private final LongSupplier nanoClock;
  private final WriteListener listener;
  private volatile long lastSuccess;

  /** Guards the fields below. */
  private final Object lock = new Object();

  private final RowAccumulator accumulator;
  private final ReplicaLimiters limiters;
  private final CoordinatorSelector coordinators = new CoordinatorSelector();
  private final InFlightStatements inFlight;

  private final RetryQueue retries = new RetryQueue();
  private final Wakeup overdue;
  private final Wakeup listings;

  private boolean dispatching;
  private boolean stopped;

  /** Creates an empty queue. */
  public WriteQueue(
      EventWriter writer,
      SinkLimits limits,
      Backoff backoff,
      Scheduler scheduler,
      LongSupplier nanoClock,
      WriteListener listener) {
    this.writer = writer;
    this.limits = limits;
    this.backoff = backoff;
    this.scheduler = scheduler;
    this.nanoClock = nanoClock;
    this.listener = listener;
    this.lastSuccess = nanoClock.getAsLong();
    this.limiters = new ReplicaLimiters(writer, limits.statements(), nanoClock);
    this.inFlight = new InFlightStatements(limits.statements());
    this.accumulator = new RowAccumulator(limits, limiters::of);
    this.overdue = new Wakeup(scheduler, this::dispatch);
    this.listings = new Wakeup(scheduler, this::dispatch);
  }

  /** Submits rows; the callback is notified when each is settled, possibly within this call. */
  void submit(List<Row> rows, RowCallback callback) {
    long now = nanoClock.getAsLong();
    synchronized (lock) {
      for (Row row : rows) {
        accumulator.add(new PendingRow(row, callback), now);
      }
    }
    dispatch();
  }

  /** Sends the rows of listings that wait for others. */
  public void flush() {
    synchronized (lock) {
      accumulator.flush();
    }
    dispatch();
  }

  /** Settles the rows that were cancelled and are not in flight. */
  void dropCancelled() {
    List<PendingRow> dropped = new ArrayList<>();
    synchronized (lock) {
      accumulator.dropCancelled(dropped);
      retries.dropCancelled(dropped, this::release);
      limiters.forEach(accumulator::unparkAll);
    }
    dropped.forEach(PendingRow::settled);
    dispatch();
  }

  /** Retries immediately all statements that back off: the database is available again. */
  public void retryNow() {
    lastSuccess = nanoClock.getAsLong();
    synchronized (lock) {
      if (stopped) {
        return;
      }
      retries.endBackoff(statement -> true);
    }
    dispatch();
  }

  /** Stops sending. */
  public void stop() {
    synchronized (lock) {
      stopped = true;
      retries.stop();
    }
  }

  /** Number of statements in flight, backing off or ready to be sent again. */
  public int statements() {
    synchronized (lock) {
      return limiters.used;
    }
  }

  /**
   * Whether the database accepts rows, as far as is known: it has accepted some recently, or some
   * replicas are available and no row awaits them. Without rows for them there are no successes
   * either.
   */
  boolean acceptsWrites() {
    long now = nanoClock.getAsLong();
    if (now - lastSuccess < ACCEPTING_NANOS) {
      return true;
    }
    synchronized (lock) {
      long since = now - ACCEPTING_NANOS;
      return !accumulator.anyWaitsSince(since)
          && !inFlight.anyUnblockedSince(since)
          && limiters.anyAvailable();
    }
  }

  /**
   * Sends all statements that may be sent. One thread at a time does so, in a loop: a writer that
   * completes within the call would otherwise cause unbounded recursion.
   */
  private void dispatch() {
    synchronized (lock) {
      if (dispatching) {
        return;
      }
      dispatching = true;
    }
    while (true) {
      WriteStatement next;
      List<PendingRow> blocked = new ArrayList<>(0);
      synchronized (lock) {
        next = next(blocked);
        blocked.addAll(accumulator.takeBlocked());
        if (next == null) {
          awaitListings();
          dispatching = false;
        } else {
          inFlight.add(next, nanoClock.getAsLong());
        }
      }
      blocked.forEach(row -> row.callback().rowBlocked());
      if (next == null) {
        return;
      }
      attempt(next);
    }
  }

  private @Nullable WriteStatement next(List<PendingRow> blocked) {
    if (stopped) {
      return null;
    }
    if (!inFlight.hasSlot()) {
      inFlight.releaseOverdue(nanoClock.getAsLong(), blocked);
      if (!inFlight.hasSlot()) {
        // No other event may dispatch again.
        inFlight.millisUntilOverdue(nanoClock.getAsLong()).ifPresent(overdue::after);
        return null;
      }
    }
    WriteStatement retried = retries.poll();
    if (retried != null) {
      return retried;
    }
    boolean eager = inFlight.occupied() < limits.eagerStatements();
    RowAccumulator.Batch batch = accumulator.take(nanoClock.getAsLong(), eager);
    return batch == null ? null : WriteStatement.acquire(batch.replicas(), batch.rows());
  }

  /** Dispatches again once rows of listings have waited long enough. */
  private void awaitListings() {
    long now = nanoClock.getAsLong();
    accumulator
        .lingerEnd()
        .ifPresent(
            end -> {
              if (end - now > 0) { // otherwise they await a slot
                listings.after(TimeUnit.NANOSECONDS.toMillis(end - now) + 1);
              }
            });
  }

  private void release(WriteStatement statement) {
    statement.replicas.release();
    accumulator.unpark(statement.replicas);
  }

  private void attempt(WriteStatement statement) {
    List<PendingRow> dropped = new ArrayList<>(0);
    synchronized (lock) {
      statement.dropCancelled(dropped);
    }
    dropped.forEach(PendingRow::settled);
    if (statement.rows.isEmpty()) {
      synchronized (lock) {
        completed(statement, false);
        release(statement);
      }
      dispatch();
      return;
    }
    listener.sent();
    long start = nanoClock.getAsLong();
    CompletionStage<WriteResult> written;
    try {
      written = write(statement);
    } catch (RuntimeException unexpected) {
      failed(statement, unexpected);
      return;
    }
    written.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            listener.written(statement.table(), result, nanoClock.getAsLong() - start);
            succeeded(statement);
          } else {
            failed(statement, failure);
          }
        });
  }

  private CompletionStage<WriteResult> write(WriteStatement statement) {
    List<?> candidates = statement.replicas.coordinators();
    Object coordinator;
    synchronized (lock) {
      coordinator = coordinators.select(statement, candidates, nanoClock.getAsLong());
    }
    return coordinator == null
        ? writer.write(statement.plainRows())
        : writer.write(statement.plainRows(), coordinator);
  }

  /** The attempt in flight has completed. */
  private void completed(WriteStatement statement, boolean failed) {
    inFlight.remove(statement);
    coordinators.completed(statement, failed, nanoClock.getAsLong());
  }

  private void succeeded(WriteStatement statement) {
    long now = nanoClock.getAsLong();
    lastSuccess = now;
    statement.rows.forEach(PendingRow::settled);
    synchronized (lock) {
      completed(statement, false);
      release(statement);
      if (statement.replicas.succeeded(now) && !stopped) {
        retries.endBackoff(
            other -> other.replicas == statement.replicas && !other.failures.wasRejected());
      }
    }
    dispatch();
  }

  private void failed(WriteStatement statement, Throwable failure) {
    StoreException cause = statement.failures.add(failure, statement.describe());
    synchronized (lock) {
      completed(statement, true);
      if (cause.kind() == Kind.TRANSIENT) {
        statement.replicas.failed();
      }
    }
    switch (cause.kind()) {
      case TRANSIENT -> backOff(statement, cause);
      case INVALID -> rejected(statement, cause);
      case FATAL -> fatal(cause);
    }
  }

  private void fatal(StoreException cause) {
    stop();
    listener.fatal(cause);
  }

  private void backOff(WriteStatement statement, StoreException cause) {
    long delay = backoff.delayMillis(statement.failures.count());
    LOG.debug("Retry in {} ms: {}: {}", delay, statement.describe(), cause.getMessage());
    listener.retried(statement.table(), statement.rows.size());
    List<PendingRow> blocked = new ArrayList<>(0);
    synchronized (lock) {
      statement.block(blocked);
    }
    blocked.forEach(row -> row.callback().rowBlocked());
    synchronized (lock) {
      if (!stopped) {
        retries.backOff(statement); // before the timer can fire
        statement.timer = scheduler.schedule(delay, () -> retry(statement));
      }
    }
    dispatch();
  }

  private void retry(WriteStatement statement) {
    synchronized (lock) {
      if (stopped || !retries.endBackoff(statement)) {
        return;
      }
    }
    dispatch();
  }

  private void rejected(WriteStatement statement, StoreException cause) {
    if (statement.rows.size() > 1) {
      split(statement, cause);
    } else {
      writer
          .probe()
          .whenComplete(
              (done, failure) ->
                  statement.failures.confirm(
                      failure,
                      statement.describe(),
                      () -> reject(statement, cause),
                      this::fatal,
                      () -> backOff(statement, cause)));
    }
  }

  /** Sends the rows of a rejected batch one by one. */
  private void split(WriteStatement statement, StoreException cause) {
    WARNINGS.warn(
        statement.table().name(),
        "Rejected, retrying row by row: {}: {}",
        statement.describe(),
        cause.getMessage());
    listener.retried(statement.table(), statement.rows.size());
    synchronized (lock) {
      for (PendingRow row : statement.rows) {
        WriteStatement single =
            WriteStatement.acquire(statement.replicas, new ArrayList<>(List.of(row)));
        single.failedCoordinator = statement.failedCoordinator;
        retries.addReady(single);
      }
      release(statement);
    }
    dispatch();
  }

  private void reject(WriteStatement statement, StoreException cause) {
    listener.rejected(statement.table());
    PendingRow row = statement.rows.get(0);
    row.callback()
        .rowRejected(
            RejectionReason.INTERNAL,
            "the database rejects " + row.row().describe() + ": " + cause.getMessage());
    synchronized (lock) {
      release(statement);
    }
    dispatch();
  }
}
