package io.postflight.sink;

import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends rows to the database, those of one partition that wait together as one statement.
 *
 * <p>Replicas that are down or slow must not stop the others. So slots are counted twice. A
 * statement occupies a slot of all statements while it is under way, and no longer than {@link
 * #OVERDUE}: what takes longer waits for a timeout, not for the database. And it occupies one of
 * its {@link Lane}, the replicas of its partition, until it is settled, also while it backs off:
 * replicas in trouble get fewer statements, not more. Rows for which their lane has no slot are
 * reported as blocked, like those of a statement that failed or is overdue, and leave their room to
 * others. Of the nodes that can coordinate a statement the one is asked that has the fewest under
 * way and has failed the fewest lately, so that one that is slow or refuses gets little; and not
 * the one that failed this statement last, if there is another.
 *
 * <p>By kind of failure:
 *
 * <ul>
 *   <li>TRANSIENT: sent again, indefinitely, with a growing pause.
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

  /** From then on a statement does not occupy a slot of all statements any more. */
  static final Duration OVERDUE = Duration.ofMillis(250);

  /** So many times the statements may be overdue; from then on they keep their slots. */
  private static final int MOST_OVERDUE = 3;

  /** So long after a success the database is held to take rows. */
  private static final long FLOWING_NANOS = Duration.ofMillis(500).toNanos();

  private final EventWriter writer;
  private final WriteLimits limits;
  private final Backoff backoff;
  private final Scheduler scheduler;
  private final LongSupplier nanoClock;
  private final WriteListener listener;
  private volatile long lastSuccess;

  /** Guards what follows. */
  private final Object lock = new Object();

  private final Lines lines;
  private final Map<Replicas, Lane> lanes = new HashMap<>();

  private final Lane.Slots slots;

  private final Map<Object, Load> coordinators = new HashMap<>();

  /** To be sent as soon as a slot is free: what has backed off, and rows of a refused batch. */
  private final ArrayDeque<Statement> due = new ArrayDeque<>();

  private final Set<Statement> resting = new LinkedHashSet<>();

  /** Under way and not overdue, in the order in which they were sent. */
  private final Set<Statement> flying = new LinkedHashSet<>();

  /** Statements that are overdue, and all that are not settled. */
  private int overdue;

  private int held;
  private int picks;
  private boolean awaitingOverdue;
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
    this.lastSuccess = nanoClock.getAsLong();
    this.slots = new Lane.Slots(limits.statements());
    this.lines = new Lines(limits, this::lane);
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
      dropCancelled(resting, dropped);
      dropCancelled(due, dropped);
      lanes.values().forEach(lines::unparkAll);
    }
    dropped.forEach(OwnedRow::settled);
    dispatch();
  }

  private void dropCancelled(Collection<Statement> statements, List<OwnedRow> dropped) {
    for (Iterator<Statement> each = statements.iterator(); each.hasNext(); ) {
      Statement statement = each.next();
      statement.dropCancelled(dropped);
      if (statement.rows.isEmpty()) {
        each.remove();
        statement.cancelTimer();
        free(statement);
      }
    }
  }

  /** Sends at once what rests between two attempts: the database is known to answer again. */
  void retryNow() {
    lastSuccess = nanoClock.getAsLong();
    synchronized (lock) {
      if (stopped) {
        return;
      }
      wake(statement -> true);
    }
    dispatch();
  }

  private void wake(Predicate<Statement> which) {
    for (Iterator<Statement> each = resting.iterator(); each.hasNext(); ) {
      Statement statement = each.next();
      if (which.test(statement)) {
        each.remove();
        statement.cancelTimer();
        due.add(statement);
      }
    }
  }

  /** Sends nothing any more. */
  void stop() {
    synchronized (lock) {
      stopped = true;
      resting.forEach(Statement::cancelTimer);
    }
  }

  /** Statements under way or backing off. */
  int statements() {
    synchronized (lock) {
      return held;
    }
  }

  /**
   * Whether the database takes rows, as far as is known: it has taken some lately, or some of its
   * replicas are not in trouble and nothing waits for them. Without rows for them there are no
   * successes either.
   */
  boolean flowing() {
    long now = nanoClock.getAsLong();
    if (now - lastSuccess < FLOWING_NANOS) {
      return true;
    }
    synchronized (lock) {
      long longAgo = now - FLOWING_NANOS;
      return !lines.anyWaitsSince(longAgo)
          && flying.stream().noneMatch(each -> each.begun <= longAgo && each.isUnblocked())
          && lanes.values().stream().anyMatch(Lane::isOpen);
    }
  }

  private Lane lane(PartitionKey partition) {
    return lanes.computeIfAbsent(
        writer.replicas(partition), replicas -> new Lane(replicas, slots, nanoClock.getAsLong()));
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
      List<OwnedRow> blocked = new ArrayList<>(0);
      synchronized (lock) {
        next = next(blocked);
        blocked.addAll(lines.takeBlocked());
        if (next == null) {
          dispatching = false;
        } else {
          flying.add(next);
          next.begun = nanoClock.getAsLong();
        }
      }
      blocked.forEach(row -> row.owner().rowBlocked());
      if (next == null) {
        return;
      }
      attempt(next);
    }
  }

  private @Nullable Statement next(List<OwnedRow> blocked) {
    if (stopped) {
      return null;
    }
    if (flying.size() >= limits.statements()) {
      letOverdueGo(blocked);
      if (flying.size() >= limits.statements()) {
        awaitOverdue();
        return null;
      }
    }
    Statement waiting = due.poll();
    if (waiting != null) {
      return waiting;
    }
    boolean eager = flying.size() < limits.eagerStatements();
    Lines.Batch batch = lines.take(nanoClock.getAsLong(), eager);
    return batch == null ? null : hold(new Statement(batch.lane(), batch.rows()));
  }

  private void letOverdueGo(List<OwnedRow> blocked) {
    long now = nanoClock.getAsLong();
    for (Iterator<Statement> oldest = flying.iterator();
        oldest.hasNext() && overdue < MOST_OVERDUE * limits.statements(); ) {
      Statement statement = oldest.next();
      if (now - statement.begun < OVERDUE.toNanos()) {
        return;
      }
      oldest.remove();
      overdue++;
      statement.block(blocked);
    }
  }

  /** If nothing else happens until the oldest statement is overdue, somebody has to look then. */
  private void awaitOverdue() {
    if (!awaitingOverdue && overdue < MOST_OVERDUE * limits.statements()) {
      awaitingOverdue = true;
      long age = nanoClock.getAsLong() - flying.iterator().next().begun;
      scheduler.schedule(
          Math.max(1, OVERDUE.minusNanos(age).toMillis() + 1),
          () -> {
            synchronized (lock) {
              awaitingOverdue = false;
            }
            dispatch();
          });
    }
  }

  private Statement hold(Statement statement) {
    held++;
    statement.lane.occupy();
    return statement;
  }

  private void free(Statement statement) {
    held--;
    statement.lane.free();
    lines.unpark(statement.lane);
  }

  private void attempt(Statement statement) {
    List<OwnedRow> dropped = new ArrayList<>(0);
    synchronized (lock) {
      statement.dropCancelled(dropped);
    }
    dropped.forEach(OwnedRow::settled);
    if (statement.rows.isEmpty()) {
      synchronized (lock) {
        landed(statement, false);
        free(statement);
      }
      dispatch();
      return;
    }
    long start = nanoClock.getAsLong();
    CompletionStage<WriteResult> written;
    try {
      Object coordinator = coordinator(statement);
      written =
          coordinator == null
              ? writer.write(statement.plainRows())
              : writer.write(statement.plainRows(), coordinator);
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

  /** The one with the least load that did not fail it last; in turn if there are several. */
  private @Nullable Object coordinator(Statement statement) {
    List<?> candidates = statement.lane.replicas.coordinators();
    if (candidates.isEmpty()) {
      return null;
    }
    synchronized (lock) {
      long now = nanoClock.getAsLong();
      int first = Math.floorMod(picks++, candidates.size());
      Object best = candidates.get(first);
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < candidates.size(); i++) {
        Object node = candidates.get((first + i) % candidates.size());
        Load load = coordinators.get(node);
        double its = load == null ? 0 : load.at(now);
        if (its < least && !(node.equals(statement.failedBy) && candidates.size() > 1)) {
          best = node;
          least = its;
        }
      }
      coordinators.computeIfAbsent(best, node -> new Load()).underWay++;
      statement.coordinator = best;
      return best;
    }
  }

  /** The statement is not under way any more. */
  private void landed(Statement statement, boolean failed) {
    if (!flying.remove(statement)) {
      overdue--;
    }
    Object node = statement.coordinator;
    if (node != null) {
      long now = nanoClock.getAsLong();
      coordinators.computeIfPresent(node, (same, load) -> load.landed(failed, now) ? null : load);
      statement.failedBy = failed ? node : null;
      statement.coordinator = null;
    }
  }

  private void settle(Statement statement) {
    long now = nanoClock.getAsLong();
    lastSuccess = now;
    statement.rows.forEach(OwnedRow::settled);
    synchronized (lock) {
      landed(statement, false);
      free(statement);
      if (statement.lane.succeeded(now) && !stopped) {
        wake(other -> other.lane == statement.lane && other.hearings == 0);
      }
    }
    dispatch();
  }

  private void failed(Statement statement, Throwable failure) {
    statement.failures++;
    WriteException why = asWriteException(statement, failure);
    synchronized (lock) {
      landed(statement, true);
      if (why.kind() == Kind.TRANSIENT) {
        statement.lane.failed();
      }
    }
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
    List<OwnedRow> blocked = new ArrayList<>(0);
    synchronized (lock) {
      statement.block(blocked);
    }
    blocked.forEach(row -> row.owner().rowBlocked());
    synchronized (lock) {
      if (!stopped) {
        resting.add(statement);
        statement.timer = scheduler.schedule(delay, () -> wake(statement));
      }
    }
    dispatch();
  }

  private void wake(Statement statement) {
    synchronized (lock) {
      if (stopped || !resting.remove(statement)) {
        return;
      }
      due.add(statement);
    }
    dispatch();
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
        for (OwnedRow row : statement.rows) {
          Statement alone = new Statement(statement.lane, new ArrayList<>(List.of(row)));
          alone.failedBy = statement.failedBy;
          due.add(hold(alone));
        }
        free(statement);
      }
      dispatch();
      return;
    }
    writer
        .probe()
        .whenComplete(
            (done, sick) -> {
              if (sick == null && ++statement.hearings == HEARINGS) {
                listener.refused(statement.table());
                refuseForGood(statement.rows.get(0), why);
                synchronized (lock) {
                  free(statement);
                }
                dispatch();
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

  /** What a coordinator has to do, and has failed at lately. */
  private static final class Load {
    /** In this time a failure counts half. */
    private static final double HALF_LIFE_NANOS = Duration.ofSeconds(1).toNanos();

    /** So few failures count as none. */
    private static final double NEGLIGIBLE = 0.01;

    private int underWay;
    private double failures;
    private long lastFailure;

    private double at(long now) {
      return underWay + failuresAt(now);
    }

    private double failuresAt(long now) {
      return failures == 0 ? 0 : failures * Math.pow(0.5, (now - lastFailure) / HALF_LIFE_NANOS);
    }

    /** Returns whether nothing is left to be remembered. */
    private boolean landed(boolean failed, long now) {
      underWay--;
      if (failed) {
        failures = failuresAt(now) + 1;
        lastFailure = now;
      }
      return underWay == 0 && failuresAt(now) < NEGLIGIBLE;
    }
  }

  /** Rows of one partition, sent together until settled. */
  private static final class Statement {
    private final Lane lane;
    private final List<OwnedRow> rows;
    private @Nullable Object coordinator;

    /** The coordinator of the last attempt, if that failed. */
    private @Nullable Object failedBy;

    private long begun;
    private int failures;

    /** Those of the failures that no writer should cause. */
    private int surprises;

    /** How often it was refused and a canary taken after that. */
    private int hearings;

    private Scheduler.@Nullable Timer timer;

    private Statement(Lane lane, List<OwnedRow> rows) {
      this.lane = lane;
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

    private void block(List<OwnedRow> blocked) {
      rows.stream().filter(OwnedRow::block).forEach(blocked::add);
    }

    private boolean isUnblocked() {
      return rows.stream().anyMatch(row -> !row.isBlocked());
    }

    private void cancelTimer() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }
}
