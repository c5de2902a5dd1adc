package io.postflight.sink.write;

import io.postflight.sink.backpressure.IntakeController;
import io.postflight.sink.backpressure.WindowAdmission;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.time.Scheduler;
import io.postflight.sink.write.RecordDecoder.Command;
import io.postflight.sink.write.RecordDecoder.Decoded;
import io.postflight.sink.write.RecordDecoder.DecodedRows;
import io.postflight.sink.write.RecordDecoder.Rejected;
import io.postflight.sink.write.RecordDecoder.Unavailable;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decodes records, admits them to the window, dispatches their rows or their command, and
 * acknowledges each record once all of its writes are done.
 *
 * <p>Records that cannot be decoded because the schema registry is unavailable are parked here.
 * They count in the window like all others, and are decoded before consumption resumes.
 */
public final class RecordDispatcher {
  private final RecordDecoder decoder;
  private final WindowAdmission admission;
  private final WriteQueue queue;
  private final ErasureQueue erasures;
  private final EventWriter writer;
  private final DeadLetterProducer deadLetters;
  private final SinkMetrics metrics;
  private final IntakeController intakeController;
  private final Scheduler blocking;

  private final RecordWrite.Listener listener =
      new RecordWrite.Listener() {
        @Override
        public void settled(RecordWrite write) {
          RecordDispatcher.this.settled(write);
        }

        @Override
        public void visible(RecordWrite write) {
          if (write.arrivedAt() != RecordWrite.NOT_MEASURED && !write.cancelled()) {
            metrics.stored(write.arrivedAt());
          }
        }

        @Override
        public void blocked(int rows, long bytes) {
          admission.block(rows, bytes);
        }
      };

  /** Guards what follows. */
  private final Object lock = new Object();

  private final ArrayDeque<ParkedRecord> parked = new ArrayDeque<>();

  private record ParkedRecord(RecordWrite write, Runnable leave) {}

  /**
   * Creates a dispatcher to both queues.
   *
   * @param blocking runs tasks that may block: a decoder may call the registry
   */
  public RecordDispatcher(
      RecordDecoder decoder,
      WindowAdmission admission,
      WriteQueue queue,
      ErasureQueue erasures,
      EventWriter writer,
      DeadLetterProducer deadLetters,
      SinkMetrics metrics,
      IntakeController intakeController,
      Scheduler blocking) {
    this.decoder = decoder;
    this.admission = admission;
    this.queue = queue;
    this.erasures = erasures;
    this.writer = writer;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.intakeController = intakeController;
    this.blocking = blocking;
  }

  /** Dispatches a record; waits for capacity no longer than the admission allows. */
  public void dispatch(TaskGeneration generation, SourceRecord source) {
    long ticket = generation.track(source.offset());
    if (ticket == OffsetTracker.STALE) {
      return;
    }
    RecordWrite write = new RecordWrite(generation, ticket, source, listener);
    if (registryUnavailable()) {
      park(write, "records await the schema registry");
      return;
    }
    Decoded decoded = decoder.decode(source);
    if (decoded instanceof Unavailable missing) {
      park(write, missing.reason());
    } else {
      setSize(write, decoded);
      admission.admit(write.rows(), write.bytes(), queue::acceptsWrites);
      hand(write, decoded);
    }
  }

  /** Drops the pending work of closed generations. */
  public void dropCancelled() {
    synchronized (lock) {
      for (Iterator<ParkedRecord> each = parked.iterator(); each.hasNext(); ) {
        ParkedRecord next = each.next();
        if (next.write().cancelled()) {
          each.remove();
          next.leave().run();
        }
      }
    }
    queue.dropCancelled();
    erasures.dropCancelled();
  }

  /** Checks that records can be decoded and that the database accepts writes. */
  public CompletionStage<Void> probe() {
    if (!registryUnavailable()) {
      return writer.probe();
    }
    CompletableFuture<Void> read = new CompletableFuture<>();
    blocking.schedule(0, () -> readParked(read));
    return read.thenCompose(done -> writer.probe());
  }

  private boolean registryUnavailable() {
    synchronized (lock) {
      return !parked.isEmpty();
    }
  }

  /**
   * Parks a record until the registry is available. Only a probe decodes parked records, and the
   * last one may have ended while this record waited for capacity, so another one is requested.
   */
  private void park(RecordWrite write, String why) {
    long bytes = write.source().size();
    admission.admit(1, bytes, queue::acceptsWrites);
    synchronized (lock) {
      parked.add(new ParkedRecord(write, () -> admission.release(1, bytes)));
    }
    intakeController.invalidateProbe(why);
  }

  private void readParked(CompletableFuture<Void> done) {
    while (true) {
      ParkedRecord next = firstParked();
      if (next == null) {
        done.complete(null);
        return;
      }
      Decoded decoded = decoder.decode(next.write().source());
      if (decoded instanceof Unavailable missing) {
        done.completeExceptionally(new IllegalStateException(missing.reason()));
        return;
      }
      if (!remove(next)) {
        continue;
      }
      next.leave().run();
      setSize(next.write(), decoded);
      admission.forceAdmit(next.write().rows(), next.write().bytes());
      hand(next.write(), decoded);
    }
  }

  private @Nullable ParkedRecord firstParked() {
    synchronized (lock) {
      return parked.peek();
    }
  }

  private boolean remove(ParkedRecord one) {
    synchronized (lock) {
      return parked.remove(one);
    }
  }

  private static void setSize(RecordWrite write, Decoded decoded) {
    if (decoded instanceof DecodedRows good) {
      int prompt = 0;
      for (Row row : good.rows()) {
        prompt += PendingRow.lingers(row.partition()) ? 0 : 1;
      }
      write.setSize(good.rows().size(), prompt, good.bytes(), good.arrivedAt());
    } else {
      write.setSize(1, 0, write.source().size(), RecordWrite.NOT_MEASURED);
    }
  }

  private void hand(RecordWrite write, Decoded decoded) {
    if (decoded instanceof Rejected rejected) {
      metrics.undecodable();
      write.reject(rejected);
    } else if (decoded instanceof Command command) {
      // It awaits the records before it, and so whatever blocks those.
      write.rowBlocked();
      queue.flush();
      erasures.submit(command.command(), write);
    } else if (decoded instanceof DecodedRows good) {
      if (good.rows().isEmpty()) {
        settled(write);
      } else {
        queue.submit(good.rows(), write);
      }
    }
  }

  private void settled(RecordWrite write) {
    Rejected rejection = write.rejection();
    if (rejection != null && !write.cancelled()) {
      deadLetters.send(write.source(), rejection, write::cancelled, () -> finish(write));
    } else {
      finish(write);
    }
  }

  private void finish(RecordWrite write) {
    if (!write.cancelled()) {
      write.acknowledge();
    }
    write.release(admission);
  }
}
