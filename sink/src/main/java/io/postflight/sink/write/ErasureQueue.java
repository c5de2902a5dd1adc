package io.postflight.sink.write;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.Scheduler;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.StoreException;
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
 * Applies commands, each after all records before it in its partition are acknowledged, since an
 * erasure finds only rows that are written. Records after it do not wait for it, since the topology
 * sends none that it would have to erase. A partition has at most one command in progress.
 *
 * <p>Failures are handled as {@link RequestFailures} describes: a command that is rejected
 * permanently goes to the dead letters. An erasure that failed midway is restarted and finds the
 * remaining rows.
 *
 * <p>It has no thread of its own: work is done by threads that submit a command, acknowledge a
 * record, or run a timer.
 */
public final class ErasureQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureQueue.class);

  private final EventEraser eraser;
  private final EventWriter writer;
  private final Backoff backoff;
  private final Scheduler scheduler;
  private final ErasureListener listener;

  /** Guards the fields below. */
  private final Object lock = new Object();

  /** Commands that await the acknowledgement of earlier records. */
  private final Set<Pending> waiting = new LinkedHashSet<>();

  /** Commands that back off between two attempts. */
  private final Set<Pending> backingOff = new LinkedHashSet<>();

  private boolean stopped;

  /**
   * Creates an empty queue.
   *
   * @param writer writer of the same store, for probes
   */
  public ErasureQueue(
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

  /** Submits a command; its record is notified when it is settled, possibly within this call. */
  void submit(Erasure command, RecordWrite write) {
    Pending pending = new Pending(command, write);
    synchronized (lock) {
      waiting.add(pending);
    }
    write.await(
        new OffsetTracker.TicketListener() {
          @Override
          public void onReady() {
            if (remove(waiting, pending)) {
              attempt(pending);
            }
          }

          @Override
          public void onRevoked() {
            if (remove(waiting, pending)) {
              write.rowSettled();
            }
          }
        });
  }

  /** Settles the pending commands whose record has been cancelled. */
  void dropCancelled() {
    List<Pending> dropped = new ArrayList<>();
    synchronized (lock) {
      drop(waiting, dropped);
      drop(backingOff, dropped);
      dropped.forEach(Pending::cancelTimer);
    }
    dropped.forEach(pending -> pending.write.rowSettled());
  }

  /** Retries immediately all commands that back off: the database is available again. */
  public void retryNow() {
    List<Pending> retried;
    synchronized (lock) {
      if (stopped) {
        return;
      }
      retried = new ArrayList<>(backingOff);
      backingOff.clear();
      retried.forEach(Pending::cancelTimer);
    }
    retried.forEach(this::attempt);
  }

  /** Begins nothing any more. */
  public void stop() {
    synchronized (lock) {
      stopped = true;
      backingOff.forEach(Pending::cancelTimer);
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

  private boolean remove(Set<Pending> where, Pending pending) {
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
    } catch (RuntimeException unexpected) {
      failed(pending, unexpected);
      return;
    }
    erased.whenComplete(
        (rows, failure) -> {
          if (failure == null) {
            listener.erased(rows);
            pending.write.rowSettled();
          } else {
            failed(pending, failure);
          }
        });
  }

  private void failed(Pending pending, Throwable failure) {
    StoreException why = pending.failures.add(failure, pending.describe());
    switch (why.kind()) {
      case TRANSIENT -> backOff(pending, why);
      case INVALID -> rejected(pending, why);
      case FATAL -> fatal(why);
    }
  }

  private void fatal(StoreException why) {
    stop();
    listener.fatal(why);
  }

  private void backOff(Pending pending, StoreException why) {
    long delay = backoff.delayMillis(pending.failures.count());
    LOG.debug("Retry in {} ms: {}: {}", delay, pending.describe(), why.getMessage());
    listener.retried();
    synchronized (lock) {
      if (!stopped) {
        backingOff.add(pending);
        pending.timer = scheduler.schedule(delay, () -> retry(pending));
      }
    }
  }

  private void retry(Pending pending) {
    if (remove(backingOff, pending)) {
      attempt(pending);
    }
  }

  private void rejected(Pending pending, StoreException why) {
    writer
        .probe()
        .whenComplete(
            (done, failure) ->
                pending.failures.confirm(
                    failure,
                    pending.describe(),
                    () -> reject(pending, why),
                    this::fatal,
                    () -> backOff(pending, why)));
  }

  private void reject(Pending pending, StoreException why) {
    listener.rejected();
    pending.write.rowRejected(
        RejectionReason.INTERNAL,
        "the database rejects " + pending.describe() + ": " + why.getMessage());
  }

  /** A command in this queue. */
  private static final class Pending {
    private final Erasure command;
    private final RecordWrite write;
    private final RequestFailures failures = new RequestFailures();
    private Scheduler.@Nullable Timer timer;

    private Pending(Erasure command, RecordWrite write) {
      this.command = command;
      this.write = write;
    }

    /** Without the subject, which may be a person's address. */
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
