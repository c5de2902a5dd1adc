package io.postflight.sink.write;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The failures of one request, which are handled by kind:
 *
 * <ul>
 *   <li>TRANSIENT: retried indefinitely with exponential backoff.
 *   <li>INVALID: the request is rejected permanently once the rejection was confirmed {@link
 *       #REQUIRED_REJECTIONS} times by a canary row that the database accepted right after it;
 *       otherwise the request is not the cause, and it is retried.
 *   <li>FATAL: the queue stops. Nothing further is settled.
 *   <li>An exception that a store is specified never to throw: TRANSIENT at first and then INVALID,
 *       so that a bug that only one row triggers does not stop its partition indefinitely.
 * </ul>
 */
public final class RequestFailures {
  /**
   * How often a rejection has to be confirmed by the canary row. Once is not enough: a node that
   * caused the rejection may have recovered before the canary row was sent, above all if this
   * process was paused in between.
   */
  static final int REQUIRED_REJECTIONS = 2;

  /** How many unexpected failures count as TRANSIENT. */
  private static final int UNEXPECTED_FAILURES = 8;

  private static final ThrottledLog ERRORS =
      new ThrottledLog(LoggerFactory.getLogger(RequestFailures.class));

  private int count;
  private int unexpected;
  private int confirmedRejections;

  /** Number of failed attempts. */
  int count() {
    return count;
  }

  /** Whether it was ever rejected while the canary row was accepted. */
  boolean wasRejected() {
    return confirmedRejections > 0;
  }

  /**
   * Counts a failed attempt.
   *
   * @param what describes the request, for the log
   * @return the failure that a store is specified to fail with
   */
  StoreException add(Throwable failure, String what) {
    count++;
    return classified(failure, what);
  }

  /**
   * The canary row was sent after the request was rejected. Calls one of the three.
   *
   * @param canaryFailure null if the canary row was accepted
   * @param reject the rejection is permanent
   * @param stop no request can succeed
   * @param retry the request is to be retried
   */
  void confirm(
      @Nullable Throwable canaryFailure,
      String what,
      Runnable reject,
      Consumer<StoreException> stop,
      Runnable retry) {
    if (canaryFailure == null) {
      confirmedRejections++;
      (confirmedRejections == REQUIRED_REJECTIONS ? reject : retry).run();
      return;
    }
    StoreException unhealthy = classified(canaryFailure, what);
    if (unhealthy.kind() == Kind.FATAL) {
      stop.accept(unhealthy);
    } else {
      retry.run();
    }
  }

  private StoreException classified(Throwable failure, String what) {
    Throwable cause = FutureFailures.unwrap(failure);
    if (cause instanceof StoreException why) {
      return why;
    }
    ERRORS.error(
        cause.getClass().getName(), "A request failed in an unexpected way: {}", what, cause);
    unexpected++;
    return new StoreException(
        unexpected < UNEXPECTED_FAILURES ? Kind.TRANSIENT : Kind.INVALID,
        "unexpected: " + cause,
        cause);
  }

  /** Reports the reason if a request failed permanently, so that no retry can succeed. */
  public static void reportFatal(@Nullable Throwable failure, Consumer<String> reported) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException why && why.kind() == Kind.FATAL) {
        reported.accept(String.valueOf(why.getMessage()));
        return;
      }
    }
  }
}
