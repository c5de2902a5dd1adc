package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.replay.ReplayException;

/** Makes exit codes of what keeps a replay from going on. */
final class ReplayFailures {
  private ReplayFailures() {}

  static OperationException of(ReplayException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure.kind() == ReplayException.Kind.UNAVAILABLE
        ? OperationException.unreachable(message, failure)
        : OperationException.usage(message);
  }
}
