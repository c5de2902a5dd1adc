package io.postflight.replay;

import io.postflight.store.ReadException;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for a database's answers, and asks again as long as it makes sense. */
final class RequestRetry {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Duration most;

  /**
   * @param most how long failures that may pass are borne in a row
   */
  RequestRetry(Duration most) {
    this.most = most;
  }

  /**
   * The answer to a request, which is made again while it fails for a reason that may pass.
   *
   * @throws ReplayException if it does not get better, or cannot
   */
  <T> T get(Supplier<CompletionStage<T>> request) throws InterruptedException {
    return get(request, request.get());
  }

  /** The same for a request that is under way. */
  <T> T get(Supplier<CompletionStage<T>> request, CompletionStage<T> underWay)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    CompletionStage<T> stage = underWay;
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      Throwable failure;
      try {
        long left = Math.max(1, end - System.nanoTime());
        return stage.toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
      } catch (ExecutionException failed) {
        failure = failed.getCause() == null ? failed : failed.getCause();
      } catch (TimeoutException late) {
        throw ReplayException.unavailable("the database does not answer", late);
      }
      giveUpUnlessTransient(failure);
      if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) > end) {
        throw ReplayException.unavailable("the database is away: " + failure.getMessage(), failure);
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      stage = request.get();
    }
  }

  /** Throws unless asking again makes sense. */
  static void giveUpUnlessTransient(Throwable failure) {
    if (kind(failure) != Kind.TRANSIENT) {
      throw new ReplayException(
          ReplayException.Kind.INVALID, String.valueOf(failure.getMessage()), failure);
    }
  }

  /**
   * Whether the database refuses a request for what is in it, which says nothing about others. So
   * is what was thrown for one.
   */
  static boolean isRefusal(Throwable failure) {
    Throwable cause =
        failure instanceof ReplayException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return kind(cause) == Kind.INVALID;
  }

  private static @Nullable Kind kind(Throwable failure) {
    if (failure instanceof WriteException write) {
      return write.kind();
    }
    return failure instanceof ReadException read ? read.kind() : null;
  }
}
