package io.postflight.sink;

import io.postflight.sink.RecordDecoder.Command;
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
 * Takes records in: decodes them, lets them into the window, hands their rows or their command on,
 * and acknowledges them once all is done.
 *
 * <p>Records that cannot be read because the schema registry is away wait here, in the window like
 * all others, and are read before the intake goes on.
 */
final class Intake {
  private final RecordDecoder decoder;
  private final Gate gate;
  private final WriteQueue queue;
  private final ErasureQueue erasures;
  private final EventWriter writer;
  private final DeadLetters deadLetters;
  private final SinkMetrics metrics;
  private final IntakeSwitch intakeSwitch;
  private final Scheduler blocking;

  private final RecordWrite.Keeper keeper =
      new RecordWrite.Keeper() {
        @Override
        public void settled(RecordWrite write) {
          Intake.this.settled(write);
        }

        @Override
        public void blocked(int rows, long bytes) {
          gate.block(rows, bytes);
        }
      };

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
      ErasureQueue erasures,
      EventWriter writer,
      DeadLetters deadLetters,
      SinkMetrics metrics,
      IntakeSwitch intakeSwitch,
      Scheduler blocking) {
    this.decoder = decoder;
    this.gate = gate;
    this.queue = queue;
    this.erasures = erasures;
    this.writer = writer;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.intakeSwitch = intakeSwitch;
    this.blocking = blocking;
  }

  /** Takes a record in; waits for room no longer than the gate allows. */
  void take(Incarnation incarnation, SourceRecord source) {
    long ticket = incarnation.track(source.offset());
    if (ticket == OffsetTracker.STALE) {
      return;
    }
    RecordWrite write = new RecordWrite(incarnation, ticket, source, keeper);
    if (registryIsAway()) {
      park(write, "records wait for the schema registry");
      return;
    }
    Decoded decoded = decoder.decode(source);
    if (decoded instanceof Unreadable away) {
      park(write, away.reason());
    } else {
      weigh(write, decoded);
      gate.enter(write.rows(), write.bytes(), queue::flowing);
      hand(write, decoded);
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
    erasures.dropCancelled();
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

  /**
   * Lets a record wait until the registry answers. Only a probe reads what waits, and the last one
   * may have found nothing while this record waited for room: so there must be another one.
   */
  private void park(RecordWrite write, String why) {
    long bytes = write.source().size();
    gate.enter(1, bytes, queue::flowing);
    synchronized (lock) {
      unread.add(new Unread(write, () -> gate.leave(1, bytes)));
    }
    intakeSwitch.doubt(why);
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
      weigh(next.write(), decoded);
      gate.enterAnyway(next.write().rows(), next.write().bytes());
      hand(next.write(), decoded);
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

  private static void weigh(RecordWrite write, Decoded decoded) {
    if (decoded instanceof Good good) {
      write.weigh(good.rows().size(), good.bytes(), good.arrivedAt());
    } else {
      write.weigh(1, write.source().size(), RecordWrite.NOT_MEASURED);
    }
  }

  private void hand(RecordWrite write, Decoded decoded) {
    if (decoded instanceof Poison poison) {
      metrics.undecodable();
      write.refuse(poison.reason(), poison.detail());
    } else if (decoded instanceof Command command) {
      // It waits for what is before it, and so for whatever that waits for.
      write.rowBlocked();
      erasures.submit(command.command(), write);
    } else if (decoded instanceof Good good) {
      if (good.rows().isEmpty()) {
        settled(write);
      } else {
        queue.submit(good.rows(), write);
      }
    }
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
      if (write.refusal() == null && write.arrivedAt() != RecordWrite.NOT_MEASURED) {
        metrics.stored(write.arrivedAt());
      }
    }
    write.release(gate);
  }
}
