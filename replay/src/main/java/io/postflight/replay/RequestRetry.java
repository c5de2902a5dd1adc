package io.postflight.replay;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Awaits responses of the database and retries transient failures. */
final class RequestRetry {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Duration most;

  /**
   * @param most maximum duration of consecutive transient failures
   */
  RequestRetry(Duration most) {
    this.most = most;
  }

  /**
   * Awaits a request, retrying it on transient failures.
   *
   * @throws ReplayException if the timeout expires, or the failure is not transient
   */
  <T> T get(Supplier<CompletionStage<T>> request) throws InterruptedException {
    return get(request, request.get());
  }

  /** The same for a request that was already sent. */
  <T> T get(Supplier<CompletionStage<T>> request, CompletionStage<T> pending)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    CompletionStage<T> stage = pending;
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      Throwable failure;
      try {
        long left = Math.max(1, end - System.nanoTime());
        return stage.toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
      } catch (ExecutionException failed) {
        failure = FutureFailures.unwrap(failed);
      } catch (TimeoutException late) {
        throw ReplayException.unavailable("the database does not respond", late);
      }
      requireTransient(failure);
      if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) > end) {
        throw ReplayException.unavailable(
            "the database is unavailable: " + failure.getMessage(), failure);
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      stage = request.get();
    }
  }

  /** Throws unless the failure is transient. */
  static void requireTransient(Throwable failure) {
    if (kind(failure) != Kind.TRANSIENT) {
      throw new ReplayException(
          ReplayException.Reason.INVALID, String.valueOf(failure.getMessage()), failure);
    }
  }

  /** Whether the database rejected this request as invalid, which does not affect others. */
  static boolean isRefusal(Throwable failure) {
    Throwable cause =
        failure instanceof ReplayException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return kind(cause) == Kind.INVALID;
  }

  private static @Nullable Kind kind(Throwable failure) {
    return failure instanceof StoreException known ? known.kind() : null;
  }
}
