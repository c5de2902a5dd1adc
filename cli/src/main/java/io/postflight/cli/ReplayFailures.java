package io.postflight.cli;

import io.postflight.cli.output.CommandException;
import io.postflight.replay.ReplayException;

/** Makes exit codes of what keeps a replay from going on. */
final class ReplayFailures {
  private ReplayFailures() {}

  static CommandException of(ReplayException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure.kind() == ReplayException.Kind.UNAVAILABLE
        ? CommandException.unreachable(message, failure)
        : CommandException.usage(message);
  }
}
