package io.postflight.cli;

import io.postflight.operations.OperationException;

/** Exit codes of the command; part of its public interface. */
final class ExitCodes {
  /** Done. */
  static final int DONE = 0;

  /** It ran, and the result is negative: differences, faults, rejected events. */
  static final int NEGATIVE = 1;

  /** The command line or the configuration is wrong. */
  static final int USAGE = 2;

  /** A server that is needed cannot be reached. */
  static final int UNREACHABLE = 3;

  /** Interrupted, as by Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCodes() {}

  /** The exit code of a result. */
  static int of(boolean good) {
    return good ? DONE : NEGATIVE;
  }

  /** The exit code of a failed operation. */
  static int of(OperationException failure) {
    return switch (failure.kind()) {
      case USAGE -> USAGE;
      case UNREACHABLE -> UNREACHABLE;
      case NEGATIVE -> NEGATIVE;
      case INTERRUPTED -> INTERRUPTED;
    };
  }
}
