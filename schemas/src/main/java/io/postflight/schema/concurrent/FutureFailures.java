package io.postflight.schema.concurrent;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why futures have failed. */
public final class FutureFailures {
  private FutureFailures() {}

  /**
   * What a stage failed with. A dependent stage reports it in a {@link CompletionException}, a
   * waiting thread in an {@link ExecutionException}, the stage itself as it is.
   */
  public static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
