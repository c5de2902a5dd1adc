package io.postflight.sink;

import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be done about a failed request, also when it failed in a way that none should. */
final class WriteFailures {
  private static final Logger LOG = LoggerFactory.getLogger(WriteFailures.class);

  /** How often a surprise is taken for the database's; from then on it is the request's. */
  private static final int UNEXPECTED_FAILURES = 8;

  private WriteFailures() {}

  /** Whether no store should fail so. */
  static boolean surprising(Throwable failure) {
    return !(cause(failure) instanceof WriteException);
  }

  /**
   * The failure as what a store promises to fail with.
   *
   * @param surprises how often the request has failed as none should, this time counted
   * @param what the request, for the log
   */
  static WriteException of(Throwable failure, int surprises, String what) {
    Throwable cause = cause(failure);
    if (cause instanceof WriteException why) {
      return why;
    }
    LOG.error("A request failed in a way none should: {}", what, cause);
    return new WriteException(
        surprises < UNEXPECTED_FAILURES ? Kind.TRANSIENT : Kind.INVALID,
        "unexpected: " + cause,
        cause);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
