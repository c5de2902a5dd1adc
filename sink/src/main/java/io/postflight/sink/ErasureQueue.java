package io.postflight.sink;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.WriteException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies commands, each once all records before it in its partition are acknowledged: an erasure
 * finds only what is written. Records after it need not wait for it, since the topology sends none
 * that it would have to erase; a partition has at most one command under way.
 *
 * <p>Failures are dealt with as in {@link WriteQueue}: TRANSIENT is tried again for ever, with a
 * growing pause; INVALID is refused for good after a canary row has succeeded, twice, and goes to
 * the dead letters; FATAL stops the queue. An erasure that failed midway is begun anew: it looks
 * for what is left.
 *
 * <p>It has no thread: work is done by whoever submits, acknowledges a record, or fires a timer.
 */
final class ErasureQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureQueue.class);

  private final EventEraser eraser;
  private final EventWriter writer;
  private final Backoff backoff;
  private final Scheduler scheduler;
  private final ErasureListener listener;

  /** Guards what follows. */
  private final Object lock = new Object();

  /** Not their turn yet. */
  private final Set<Pending> waiting = new LinkedHashSet<>();

  /** Between two attempts. */
  private final Set<Pending> resting = new LinkedHashSet<>();

  private boolean stopped;

  /**
   * @param writer of the same store, to be probed
   */
  ErasureQueue(
      EventEraser eraser,
      EventWriter writer,
      Backoff backoff,
      Scheduler scheduler,
      ErasureListener listener) {
    this.eraser = eraser;
    this.writer = writer;
    this.backoff = backoff;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  /** Takes a command in; its record is told once it is settled, perhaps within this call. */
  void submit(Erasure command, RecordWrite write) {
    Pending pending = new Pending(command, write);
    synchronized (lock) {
      waiting.add(pending);
    }
    write.await(
        new OffsetTracker.Turn() {
          @Override
          public void come() {
            if (leaves(waiting, pending)) {
              attempt(pending);
            }
          }

          @Override
          public void lost() {
            if (leaves(waiting, pending)) {
              write.rowSettled();
            }
          }
        });
  }

  /** Settles all that waits or rests and whose record has been cancelled. */
  void dropCancelled() {
    List<Pending> dropped = new ArrayList<>();
    synchronized (lock) {
      drop(waiting, dropped);
      drop(resting, dropped);
      dropped.forEach(Pending::cancelTimer);
    }
    dropped.forEach(pending -> pending.write.rowSettled());
  }

  /** Tries at once what rests between two attempts: the database is known to answer again. */
  void retryNow() {
    List<Pending> woken;
    synchronized (lock) {
      if (stopped) {
        return;
      }
      woken = new ArrayList<>(resting);
      resting.clear();
      woken.forEach(Pending::cancelTimer);
    }
    woken.forEach(this::attempt);
  }

  /** Begins nothing any more. */
  void stop() {
    synchronized (lock) {
      stopped = true;
      resting.forEach(Pending::cancelTimer);
    }
  }

  private static void drop(Set<Pending> from, List<Pending> dropped) {
    for (Iterator<Pending> each = from.iterator(); each.hasNext(); ) {
      Pending pending = each.next();
      if (pending.write.cancelled()) {
        each.remove();
        dropped.add(pending);
      }
    }
  }

  private boolean leaves(Set<Pending> where, Pending pending) {
    synchronized (lock) {
      return !stopped && where.remove(pending);
    }
  }

  private void attempt(Pending pending) {
    if (pending.write.cancelled()) {
      pending.write.rowSettled();
      return;
    }
    CompletionStage<Long> erased;
    try {
      erased = eraser.erase(pending.command, ErasureTimes.micros(pending.command));
    } catch (RuntimeException bug) {
      failed(pending, bug);
      return;
    }
    erased.whenComplete(
        (rows, failure) -> {
          if (failure == null) {
            LOG.info("Applied {}: {} rows", pending.describe(), rows);
            listener.erased(rows);
            pending.write.rowSettled();
          } else {
            failed(pending, failure);
          }
        });
  }

  private void failed(Pending pending, Throwable failure) {
    pending.failures++;
    WriteException why = WriteFailures.of(failure, () -> ++pending.surprises, pending.describe());
    switch (why.kind()) {
      case TRANSIENT -> rest(pending, why);
      case INVALID -> refused(pending, why);
      case FATAL -> fatal(why);
    }
  }

  private void fatal(WriteException why) {
    stop();
    listener.fatal(why);
  }

  private void rest(Pending pending, WriteException why) {
    long delay = backoff.delayMillis(pending.failures);
    LOG.debug("Again in {} ms: {}: {}", delay, pending.describe(), why.getMessage());
    listener.retried();
    synchronized (lock) {
      if (!stopped) {
        resting.add(pending);
        pending.timer = scheduler.schedule(delay, () -> wake(pending));
      }
    }
  }

  private void wake(Pending pending) {
    if (leaves(resting, pending)) {
      attempt(pending);
    }
  }

  private void refused(Pending pending, WriteException why) {
    writer
        .probe()
        .whenComplete(
            (done, failure) -> {
              if (failure == null && ++pending.hearings == WriteQueue.HEARINGS) {
                listener.refused();
                pending.write.rowRefused(
                    RejectionReason.INTERNAL,
                    "the database refuses " + pending.describe() + ": " + why.getMessage());
                return;
              }
              WriteException sick =
                  failure == null
                      ? null
                      : WriteFailures.of(failure, () -> ++pending.surprises, pending.describe());
              if (sick != null && sick.kind() == WriteException.Kind.FATAL) {
                fatal(sick);
              } else {
                rest(pending, why);
              }
            });
  }

  /** A command in this queue. */
  private static final class Pending {
    private final Erasure command;
    private final RecordWrite write;
    private int failures;
    private int surprises;
    private int hearings;
    private Scheduler.@Nullable Timer timer;

    private Pending(Erasure command, RecordWrite write) {
      this.command = command;
      this.write = write;
    }

    /** Whose it is, without the subject, which may be a person's address. */
    private String describe() {
      return "erasure " + command.getId() + " of tenant " + command.getTenant();
    }

    private void cancelTimer() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }
}
