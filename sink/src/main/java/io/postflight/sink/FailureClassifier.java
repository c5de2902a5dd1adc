package io.postflight.sink;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Classifies failures of requests, including unexpected ones. */
final class FailureClassifier {
  private static final ThrottledLog ERRORS =
      new ThrottledLog(LoggerFactory.getLogger(FailureClassifier.class));

  /**
   * How many unexpected failures of one request count as TRANSIENT; further ones count as INVALID.
   */
  private static final int UNEXPECTED_FAILURES = 8;

  private FailureClassifier() {}

  /**
   * Converts a failure to the exception that a store is specified to fail with.
   *
   * @param unexpectedFailures increments and returns the number of unexpected failures of the
   *     request
   * @param what describes the request, for the log
   */
  static StoreException classify(Throwable failure, IntSupplier unexpectedFailures, String what) {
    Throwable cause = FutureFailures.unwrap(failure);
    if (cause instanceof StoreException why) {
      return why;
    }
    ERRORS.error(
        cause.getClass().getName(), "A request failed in an unexpected way: {}", what, cause);
    return new StoreException(
        unexpectedFailures.getAsInt() < UNEXPECTED_FAILURES ? Kind.TRANSIENT : Kind.INVALID,
        "unexpected: " + cause,
        cause);
  }

  /** Reports the reason if a request failed permanently, so that no retry can succeed. */
  static void reportFatal(@Nullable Throwable failure, Consumer<String> reported) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException why && why.kind() == Kind.FATAL) {
        reported.accept(String.valueOf(why.getMessage()));
        return;
      }
    }
  }
}
