package io.postflight.api.query;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Problem;
import io.postflight.schema.message.MessageRevision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Holds an answer until there is one: reads again and again, at growing distances, scheduled on the
 * request's event loop. Waits that look for the same message share their reads.
 */
final class MessageWait {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 400;

  private volatile boolean closed;

  CompletableFuture<Optional<MessageRevision>> until(
      ServiceRequestContext ctx,
      Duration longest,
      Supplier<CompletableFuture<Optional<MessageRevision>>> read) {
    return attempt(ctx, System.nanoTime() + longest.toNanos(), FIRST_PAUSE_MILLIS, read);
  }

  /** Ends all waits with 503, so that a stop does not have to sit them out. */
  void close() {
    closed = true;
  }

  private CompletableFuture<Optional<MessageRevision>> attempt(
      ServiceRequestContext ctx,
      long end,
      long pauseMillis,
      Supplier<CompletableFuture<Optional<MessageRevision>>> read) {
    return read.get()
        .thenCompose(
            found -> {
              long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
              if (found.isPresent() || left <= 0 || ctx.isCancelled()) {
                return CompletableFuture.completedFuture(found);
              }
              if (closed) {
                throw Problem.unavailable("the server is being stopped").asException();
              }
              Executor later =
                  CompletableFuture.delayedExecutor(
                      Math.min(pauseMillis, left), TimeUnit.MILLISECONDS, ctx.eventLoop());
              long next = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
              return CompletableFuture.<Void>completedFuture(null)
                  .thenComposeAsync(paused -> attempt(ctx, end, next, read), later);
            });
  }
}
