package io.postflight.replay;

import io.postflight.store.RowReader;
import io.postflight.store.StoredCells;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows, a bounded number at a time. What is found is told on the thread that asks. A read
 * that fails for a reason that may pass is made again.
 */
final class RowLooks {
  private static final long PAUSE_MILLIS = 200;

  private final RowReader reader;
  private final int concurrency;
  private final Duration patience;
  private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  /** Reads of which the answer has not been told. */
  private int open;

  private long lastSuccess = System.nanoTime();

  private record Answer(Look look, @Nullable StoredCells found, @Nullable Throwable failure) {}

  RowLooks(RowReader reader, int concurrency, Duration patience) {
    this.reader = reader;
    this.concurrency = concurrency;
    this.patience = patience;
  }

  /** Reads a row, after waiting for others if there are many under way. */
  void begin(Look look, BiConsumer<Look, Optional<StoredCells>> found) throws InterruptedException {
    while (open >= concurrency) {
      await(found);
    }
    if (open == 0) {
      lastSuccess = System.nanoTime();
    }
    open++;
    send(look);
  }

  /** Tells what has been found by now. */
  void collect(BiConsumer<Look, Optional<StoredCells>> found) throws InterruptedException {
    while (!answers.isEmpty()) {
      await(found);
    }
  }

  /** Waits for all reads and tells what they have found. */
  void awaitAll(BiConsumer<Look, Optional<StoredCells>> found) throws InterruptedException {
    while (open > 0) {
      await(found);
    }
  }

  private void send(Look look) {
    reader
        .read(look.expected().key())
        .whenComplete(
            (found, failure) ->
                answers.add(
                    new Answer(look, failure == null ? found.orElse(null) : null, failure)));
  }

  private void await(BiConsumer<Look, Optional<StoredCells>> found) throws InterruptedException {
    Answer answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw ReplayException.away("the database does not answer", null);
    }
    Throwable failure = answer.failure();
    if (failure != null) {
      again(answer.look(), failure);
      return;
    }
    lastSuccess = System.nanoTime();
    open--;
    found.accept(answer.look(), Optional.ofNullable(answer.found()));
  }

  private void again(Look look, Throwable failure) throws InterruptedException {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Patience.giveUpUnlessTransient(cause);
    if (System.nanoTime() - lastSuccess > patience.toNanos()) {
      throw ReplayException.away("the database is away: " + cause.getMessage(), cause);
    }
    Thread.sleep(PAUSE_MILLIS);
    send(look);
  }
}
