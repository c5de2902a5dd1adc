package io.postflight.replay;

import io.postflight.store.RowReader;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows, a bounded number at a time. What is found is told on the thread that asks. A read
 * that fails for a reason that may pass is made again; one that the database refuses says nothing
 * about the others.
 */
final class RowChecks {
  private static final long PAUSE_MILLIS = 200;

  private final RowReader reader;
  private final int concurrency;
  private final Duration timeout;
  private final Listener listener;
  private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  /** Reads of which the answer has not been told. */
  private int open;

  private long lastSuccess = System.nanoTime();

  /** Told what became of each read. */
  interface Listener {
    /** This stands there. */
    void found(RowCheck look, ObservedRow found);

    /** The database will never read this row. */
    void refused(RowCheck look, String why);
  }

  private record Answer(RowCheck look, @Nullable ObservedRow found, @Nullable Throwable failure) {}

  RowChecks(RowReader reader, int concurrency, Duration timeout, Listener listener) {
    this.reader = reader;
    this.concurrency = concurrency;
    this.timeout = timeout;
    this.listener = listener;
  }

  /** Reads a row, after waiting for others if there are many under way. */
  void begin(RowCheck look) throws InterruptedException {
    while (open >= concurrency) {
      await();
    }
    if (open == 0) {
      lastSuccess = System.nanoTime();
    }
    open++;
    send(look);
  }

  /** Tells what has been found by now. */
  void collect() throws InterruptedException {
    while (!answers.isEmpty()) {
      await();
    }
  }

  /** Waits for all reads and tells what they have found. */
  void awaitAll() throws InterruptedException {
    while (open > 0) {
      await();
    }
  }

  private void send(RowCheck look) {
    ObservedRow.read(reader, look.expected().key(), System::currentTimeMillis)
        .whenComplete((found, failure) -> answers.add(new Answer(look, found, failure)));
  }

  private void await() throws InterruptedException {
    Answer answer = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw ReplayException.unavailable("the database does not answer", null);
    }
    if (answer.found() == null) {
      failed(answer.look(), cause(answer.failure()));
      return;
    }
    done();
    listener.found(answer.look(), answer.found());
  }

  private void done() {
    lastSuccess = System.nanoTime();
    open--;
  }

  private void failed(RowCheck look, Throwable cause) throws InterruptedException {
    if (RequestRetry.isRefusal(cause)) {
      done();
      listener.refused(look, String.valueOf(cause.getMessage()));
      return;
    }
    RequestRetry.giveUpUnlessTransient(cause);
    if (System.nanoTime() - lastSuccess > timeout.toNanos()) {
      throw ReplayException.unavailable("the database is away: " + cause.getMessage(), cause);
    }
    Thread.sleep(PAUSE_MILLIS);
    send(look);
  }

  private static Throwable cause(@Nullable Throwable failure) {
    if (failure == null) {
      return new IllegalStateException("a read ended without an answer");
    }
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
