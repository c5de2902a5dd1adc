package io.postflight.sink;

import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Row;
import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import io.postflight.store.WriteResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends rows to the database, those of one partition that wait together as one statement.
 *
 * <p>A statement keeps its slot until it is settled, also while it waits to be sent again: a
 * database in trouble gets fewer statements, not more. By kind of failure:
 *
 * <ul>
 *   <li>TRANSIENT: sent again, for ever, with a growing pause.
 *   <li>INVALID: a batch is sent again row by row. A row refused alone is refused for good only
 *       when it was refused twice and a canary row has succeeded after each; else the fault is not
 *       the row's, and it is sent again.
 *   <li>FATAL: the queue stops. Nothing more is settled.
 *   <li>Something no writer should throw: as TRANSIENT at first, then as INVALID, so that a bug
 *       that only one row meets does not stop its partition for ever.
 * </ul>
 *
 * <p>It has no thread: work is done by whoever submits, completes a write, or fires a timer. Time
 * is in nanoseconds of the clock given.
 */
final class WriteQueue {
  private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);
  private static final ThrottledLog WARNINGS = new ThrottledLog(LOG);

  /**
   * How often a row has to be refused while a canary is taken. Once is not enough: between the two
   * a node that was sick may have recovered, above all if we stood still.
   */
  static final int HEARINGS = 2;

  private final EventWriter writer;
  private final WriteLimits limits;
  private final Backoff backoff;
  private final Scheduler scheduler;
  private final LongSupplier nanoClock;
  private final WriteListener listener;

  private final Object lock = new Object();
  private final Lines lines;

  /** Rows of a refused batch, each to be sent alone. */
  private final ArrayDeque<Statement> alone = new ArrayDeque<>();

  private final Set<Statement> resting = new LinkedHashSet<>();
  private int inFlight;
  private boolean dispatching;
  private boolean stopped;

  WriteQueue(
      EventWriter writer,
      WriteLimits limits,
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
    this.lines = new Lines(limits);
  }

  /** Takes rows in; their owner is told of each once it is settled, perhaps within this call. */
  void submit(List<Row> rows, RowOwner owner) {
    long now = nanoClock.getAsLong();
    synchronized (lock) {
      for (Row row : rows) {
        lines.add(new OwnedRow(row, owner), now);
      }
    }
    dispatch();
  }

  /** Settles all waiting and resting rows whose owner has been cancelled. */
  void dropCancelled() {
    List<OwnedRow> dropped = new ArrayList<>();
    synchronized (lock) {
      lines.dropCancelled(dropped);
      for (Iterator<Statement> each = resting.iterator(); each.hasNext(); ) {
        Statement statement = each.next();
        statement.dropCancelled(dropped);
        if (statement.rows.isEmpty()) {
          each.remove();
          statement.cancelTimer();
          inFlight--;
        }
      }
    }
    dropped.forEach(row -> row.owner().rowSettled());
    dispatch();
  }

  /** Sends at once what rests between two attempts: the database is known to answer again. */
  void retryNow() {
    List<Statement> woken;
    synchronized (lock) {
      if (stopped) {
        return;
      }
      woken = new ArrayList<>(resting);
      resting.clear();
      woken.forEach(Statement::cancelTimer);
    }
    woken.forEach(this::attempt);
  }

  /** Sends nothing any more. */
  void stop() {
    synchronized (lock) {
      stopped = true;
      resting.forEach(Statement::cancelTimer);
    }
  }

  /** Statements in flight or resting. */
  int statements() {
    synchronized (lock) {
      return inFlight;
    }
  }

  /**
   * Sends what may be sent. One thread at a time does it, in a loop: a writer that completes within
   * the call would else have it call itself without end.
   */
  private void dispatch() {
    synchronized (lock) {
      if (dispatching) {
        return;
      }
      dispatching = true;
    }
    while (true) {
      Statement next;
      synchronized (lock) {
        next = next();
        if (next == null) {
          dispatching = false;
          return;
        }
        inFlight++;
      }
      attempt(next);
    }
  }

  private @Nullable Statement next() {
    if (stopped || inFlight >= limits.statements()) {
      return null;
    }
    Statement single = alone.poll();
    if (single != null) {
      return single;
    }
    boolean idle = inFlight - resting.size() < limits.eagerStatements();
    List<OwnedRow> rows = lines.take(nanoClock.getAsLong(), idle);
    return rows == null ? null : new Statement(rows);
  }

  private void attempt(Statement statement) {
    List<OwnedRow> dropped = new ArrayList<>(0);
    statement.dropCancelled(dropped);
    dropped.forEach(row -> row.owner().rowSettled());
    if (statement.rows.isEmpty()) {
      freeSlot();
      return;
    }
    long start = nanoClock.getAsLong();
    CompletionStage<WriteResult> written;
    try {
      written = writer.write(statement.plainRows());
    } catch (RuntimeException bug) {
      failed(statement, bug);
      return;
    }
    written.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            listener.written(statement.table(), result, nanoClock.getAsLong() - start);
            settle(statement);
          } else {
            failed(statement, failure);
          }
        });
  }

  private void settle(Statement statement) {
    statement.rows.forEach(row -> row.owner().rowSettled());
    freeSlot();
  }

  private void freeSlot() {
    synchronized (lock) {
      inFlight--;
    }
    dispatch();
  }

  private void failed(Statement statement, Throwable failure) {
    statement.failures++;
    WriteException why = asWriteException(statement, failure);
    switch (why.kind()) {
      case TRANSIENT -> rest(statement, why);
      case INVALID -> refused(statement, why);
      case FATAL -> {
        stop();
        listener.fatal(why);
      }
    }
  }

  private static WriteException asWriteException(Statement statement, Throwable failure) {
    return WriteFailures.of(failure, () -> ++statement.surprises, statement.describe());
  }

  private void rest(Statement statement, WriteException why) {
    long delay = backoff.delayMillis(statement.failures);
    LOG.debug("Again in {} ms: {}: {}", delay, statement.describe(), why.getMessage());
    listener.retried(statement.table(), statement.rows.size());
    synchronized (lock) {
      if (!stopped) {
        resting.add(statement);
        statement.timer = scheduler.schedule(delay, () -> wake(statement));
      }
    }
  }

  private void wake(Statement statement) {
    synchronized (lock) {
      if (stopped || !resting.remove(statement)) {
        return;
      }
    }
    attempt(statement);
  }

  private void refused(Statement statement, WriteException why) {
    if (statement.rows.size() > 1) {
      WARNINGS.warn(
          statement.table().name(),
          "Refused, so row by row: {}: {}",
          statement.describe(),
          why.getMessage());
      listener.retried(statement.table(), statement.rows.size());
      synchronized (lock) {
        statement.rows.forEach(row -> alone.add(new Statement(new ArrayList<>(List.of(row)))));
      }
      freeSlot();
      return;
    }
    writer
        .probe()
        .whenComplete(
            (done, sick) -> {
              if (sick == null && ++statement.hearings == HEARINGS) {
                listener.refused(statement.table());
                refuseForGood(statement.rows.get(0), why);
                freeSlot();
              } else if (sick != null && asWriteException(statement, sick).kind() == Kind.FATAL) {
                stop();
                listener.fatal(asWriteException(statement, sick));
              } else {
                rest(statement, why);
              }
            });
  }

  private static void refuseForGood(OwnedRow row, WriteException why) {
    row.owner()
        .rowRefused(
            RejectionReason.INTERNAL,
            "the database refuses " + row.row().describe() + ": " + why.getMessage());
  }

  /** Rows of one partition, sent together until settled. */
  private static final class Statement {
    private final List<OwnedRow> rows;
    private int failures;

    /** Those of the failures that no writer should cause. */
    private int surprises;

    /** How often it was refused and a canary taken after that. */
    private int hearings;

    private Scheduler.@Nullable Timer timer;

    private Statement(List<OwnedRow> rows) {
      this.rows = rows;
    }

    private Table table() {
      return rows.get(0).row().table();
    }

    private PartitionKey partition() {
      return rows.get(0).row().partition();
    }

    private String describe() {
      return rows.size() + " rows of " + table() + " of tenant " + partition().tenant();
    }

    private List<Row> plainRows() {
      List<Row> plain = new ArrayList<>(rows.size());
      for (OwnedRow row : rows) {
        plain.add(row.row());
      }
      return plain;
    }

    private void dropCancelled(List<OwnedRow> dropped) {
      rows.removeIf(row -> row.owner().cancelled() && dropped.add(row));
    }

    private void cancelTimer() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }
}
