package io.postflight.replay;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.store.RowReader;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows with bounded concurrency and reports results on the calling thread. Transient failures
 * are retried; a read that the database rejects does not affect others.
 */
final class RowChecks {
  private static final long PAUSE_MILLIS = 200;

  private final RowReader reader;
  private final int concurrency;
  private final Duration timeout;
  private final RowListener listener;
  private final LinkedBlockingQueue<ReadResult> answers = new LinkedBlockingQueue<>();

  /** Reads whose results have not been reported. */
  private int open;

  private long lastSuccess = System.nanoTime();

  /** Receives the result of each read. */
  interface RowListener {
    /** The row was read. */
    void found(RowCheck check, ObservedRow found);

    /** The database rejects this read. */
    void refused(RowCheck check, String why);
  }

  private record ReadResult(
      RowCheck check, @Nullable ObservedRow found, @Nullable Throwable failure) {}

  RowChecks(RowReader reader, int concurrency, Duration timeout, RowListener listener) {
    this.reader = reader;
    this.concurrency = concurrency;
    this.timeout = timeout;
    this.listener = listener;
  }

  /** Starts a read, waiting while too many are in flight. */
  void begin(RowCheck check) throws InterruptedException {
    while (open >= concurrency) {
      await();
    }
    if (open == 0) {
      lastSuccess = System.nanoTime();
    }
    open++;
    send(check);
  }

  /** Reports the results available now. */
  void collect() throws InterruptedException {
    while (!answers.isEmpty()) {
      await();
    }
  }

  /** Awaits all reads and reports their results. */
  void awaitAll() throws InterruptedException {
    while (open > 0) {
      await();
    }
  }

  private void send(RowCheck check) {
    ObservedRow.read(reader, check.expected().key(), System::currentTimeMillis)
        .whenComplete((found, failure) -> answers.add(new ReadResult(check, found, failure)));
  }

  private void await() throws InterruptedException {
    ReadResult answer = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw ReplayException.unavailable("the database does not respond");
    }
    if (answer.found() == null) {
      failed(answer.check(), cause(answer.failure()));
      return;
    }
    done();
    listener.found(answer.check(), answer.found());
  }

  private void done() {
    lastSuccess = System.nanoTime();
    open--;
  }

  private void failed(RowCheck check, Throwable cause) throws InterruptedException {
    if (RequestRetry.isRefusal(cause)) {
      done();
      listener.refused(check, String.valueOf(cause.getMessage()));
      return;
    }
    RequestRetry.requireTransient(cause);
    if (System.nanoTime() - lastSuccess > timeout.toNanos()) {
      throw ReplayException.unavailable(
          "the database is unavailable: " + cause.getMessage(), cause);
    }
    Thread.sleep(PAUSE_MILLIS);
    send(check);
  }

  private static Throwable cause(@Nullable Throwable failure) {
    if (failure == null) {
      return new IllegalStateException("a read ended without a result");
    }
    return FutureFailures.unwrap(failure);
  }
}
