package io.postflight.api.query;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Problem;
import io.postflight.api.http.TenantLimit;
import io.postflight.schema.message.MessageRevision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Holds a response until a message exists: polls with exponential backoff on the request's event
 * loop. Concurrent waits for one message share their reads. Waits are limited in total and per
 * tenant, since each polls the store.
 */
final class MessageWait {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 400;

  private final TenantLimit waits;
  private volatile boolean closed;

  MessageWait(int maxWaits, int maxWaitsPerTenant) {
    this.waits = new TenantLimit("requests with wait", maxWaits, maxWaitsPerTenant);
  }

  /**
   * Polls until the message exists or the time is over.
   *
   * @throws Problem 429 if the tenant has too many waits, 503 if all tenants together do
   */
  CompletableFuture<Optional<MessageRevision>> until(
      ServiceRequestContext ctx,
      String tenant,
      Duration longest,
      Supplier<CompletableFuture<Optional<MessageRevision>>> read) {
    waits.acquire(tenant);
    CompletableFuture<Optional<MessageRevision>> found;
    try {
      found = attempt(ctx, System.nanoTime() + longest.toNanos(), FIRST_PAUSE_MILLIS, read);
    } catch (RuntimeException refused) {
      found = CompletableFuture.failedFuture(refused);
    }
    return found.whenComplete((done, failure) -> waits.release(tenant));
  }

  /** Ends all waits with 503, so that shutdown does not wait for them. */
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
                throw Problem.unavailable("the server is stopping");
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
