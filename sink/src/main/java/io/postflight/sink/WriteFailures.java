package io.postflight.sink;

import io.postflight.schema.log.ThrottledLog;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What can be done about a failed request, also when it failed in a way that none should. */
final class WriteFailures {
  private static final ThrottledLog ERRORS =
      new ThrottledLog(LoggerFactory.getLogger(WriteFailures.class));

  /** How often a surprise is taken for the database's; from then on it is the request's. */
  private static final int UNEXPECTED_FAILURES = 8;

  private WriteFailures() {}

  /**
   * The failure as what a store promises to fail with.
   *
   * @param surprises counts one more failure that should not be, and says how many there were
   * @param what the request, for the log
   */
  static WriteException of(Throwable failure, IntSupplier surprises, String what) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof WriteException why) {
      return why;
    }
    ERRORS.error(
        cause.getClass().getName(), "A request failed in an unexpected way: {}", what, cause);
    return new WriteException(
        surprises.getAsInt() < UNEXPECTED_FAILURES ? Kind.TRANSIENT : Kind.INVALID,
        "unexpected: " + cause,
        cause);
  }

  /** Tells why, if a request has failed for a reason that waiting cannot mend. */
  static void ifFatal(@Nullable Throwable failure, Consumer<String> told) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof WriteException why && why.kind() == Kind.FATAL) {
        told.accept(String.valueOf(why.getMessage()));
        return;
      }
    }
  }
}
