package io.postflight.sink;

import io.postflight.sink.RecordDecoder.Decoded;
import io.postflight.sink.RecordDecoder.Good;
import io.postflight.sink.RecordDecoder.Poison;
import io.postflight.sink.RecordDecoder.Unreadable;
import io.postflight.store.EventWriter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes records in: decodes them, lets them into the window, hands their rows to the queue, and
 * acknowledges them once all is done.
 *
 * <p>Records that cannot be read because the schema registry is away wait here, in the window like
 * all others, and are read before the intake goes on.
 */
final class Intake {
  private final RecordDecoder decoder;
  private final Gate gate;
  private final WriteQueue queue;
  private final EventWriter writer;
  private final DeadLetters deadLetters;
  private final SinkMetrics metrics;
  private final IntakeSwitch intakeSwitch;
  private final Backlog backlog;
  private final Scheduler blocking;

  /** Guards what follows. */
  private final Object lock = new Object();

  private final ArrayDeque<Unread> unread = new ArrayDeque<>();

  private record Unread(RecordWrite write, Runnable leave) {}

  /**
   * @param blocking its tasks may block: a decoder may ask the registry
   */
  Intake(
      RecordDecoder decoder,
      Gate gate,
      WriteQueue queue,
      EventWriter writer,
      DeadLetters deadLetters,
      SinkMetrics metrics,
      IntakeSwitch intakeSwitch,
      Backlog backlog,
      Scheduler blocking) {
    this.decoder = decoder;
    this.gate = gate;
    this.queue = queue;
    this.writer = writer;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.intakeSwitch = intakeSwitch;
    this.backlog = backlog;
    this.blocking = blocking;
  }

  /** Takes a record in; waits for room no longer than the gate allows. */
  void take(Incarnation incarnation, SourceRecord source) {
    long ticket = incarnation.track(source.offset());
    if (ticket == OffsetTracker.STALE) {
      return;
    }
    if (backlog.overflows(incarnation)) {
      intakeSwitch.trip(backlog.reason());
    }
    RecordWrite write = new RecordWrite(incarnation, ticket, source, this::settled);
    if (registryIsAway()) {
      park(write);
      return;
    }
    Decoded decoded = decoder.decode(source);
    if (decoded instanceof Unreadable away) {
      park(write);
      intakeSwitch.trip(away.reason());
    } else if (decoded instanceof Good good) {
      gate.enter(good.rows().size(), good.bytes());
      hand(write, good);
    } else if (decoded instanceof Poison poison) {
      gate.enter(1, source.size());
      refuse(write, poison);
    }
  }

  /** Drops all that waits for an incarnation that is closed. */
  void dropCancelled() {
    synchronized (lock) {
      for (Iterator<Unread> each = unread.iterator(); each.hasNext(); ) {
        Unread next = each.next();
        if (next.write().cancelled()) {
          each.remove();
          next.leave().run();
        }
      }
    }
    queue.dropCancelled();
    goOnIfDrained();
  }

  /** Whether records can be read and the database takes writes. */
  CompletionStage<Void> probe() {
    if (!registryIsAway()) {
      return writer.probe();
    }
    CompletableFuture<Void> read = new CompletableFuture<>();
    blocking.schedule(0, () -> readParked(read));
    return read.thenCompose(done -> writer.probe());
  }

  private boolean registryIsAway() {
    synchronized (lock) {
      return !unread.isEmpty();
    }
  }

  private void park(RecordWrite write) {
    long bytes = write.source().size();
    gate.enter(1, bytes);
    synchronized (lock) {
      unread.add(new Unread(write, () -> gate.leave(1, bytes)));
    }
  }

  private void readParked(CompletableFuture<Void> done) {
    while (true) {
      Unread next = firstUnread();
      if (next == null) {
        done.complete(null);
        return;
      }
      Decoded decoded = decoder.decode(next.write().source());
      if (decoded instanceof Unreadable away) {
        done.completeExceptionally(new IllegalStateException(away.reason()));
        return;
      }
      if (!remove(next)) {
        continue;
      }
      next.leave().run();
      if (decoded instanceof Good good) {
        gate.enterAnyway(good.rows().size(), good.bytes());
        hand(next.write(), good);
      } else if (decoded instanceof Poison poison) {
        gate.enterAnyway(1, next.write().source().size());
        refuse(next.write(), poison);
      }
    }
  }

  private @Nullable Unread firstUnread() {
    synchronized (lock) {
      return unread.peek();
    }
  }

  private boolean remove(Unread one) {
    synchronized (lock) {
      return unread.remove(one);
    }
  }

  private void hand(RecordWrite write, Good good) {
    write.weigh(good.rows().size(), good.bytes(), good.arrivedAt());
    if (good.rows().isEmpty()) {
      settled(write);
    } else {
      queue.submit(good.rows(), write);
    }
  }

  private void refuse(RecordWrite write, Poison poison) {
    write.weigh(1, write.source().size(), 0);
    metrics.undecodable();
    write.refuse(poison.reason(), poison.detail());
  }

  private void settled(RecordWrite write) {
    RecordWrite.Refusal refusal = write.refusal();
    if (refusal != null && !write.cancelled()) {
      deadLetters.send(write.source(), refusal, write::cancelled, () -> finish(write));
    } else {
      finish(write);
    }
  }

  private void finish(RecordWrite write) {
    if (!write.cancelled()) {
      write.acknowledge();
      if (write.refusal() == null) {
        metrics.stored(write.arrivedAt());
      }
    }
    gate.leave(write.rows(), write.bytes());
    goOnIfDrained();
  }

  private void goOnIfDrained() {
    if (backlog.hasDrained()) {
      intakeSwitch.halfEmptied();
    }
  }
}
