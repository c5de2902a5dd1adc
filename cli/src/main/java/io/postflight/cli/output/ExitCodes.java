package io.postflight.cli.output;

import io.postflight.operations.OperationException;

/** How the command ends. Part of the contract. */
public final class ExitCodes {
  /** Done. */
  public static final int DONE = 0;

  /** It ran, and the answer is bad: differences, faults, rejected events. */
  public static final int BAD_ANSWER = 1;

  /** The command line or the configuration is wrong. */
  public static final int USAGE = 2;

  /** A server that is needed cannot be reached. */
  public static final int UNREACHABLE = 3;

  /** Interrupted, as by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  private ExitCodes() {}

  /** How the command ends with a result. */
  public static int of(boolean good) {
    return good ? DONE : BAD_ANSWER;
  }

  /** How the command ends if an operation fails. */
  public static int of(OperationException failure) {
    return switch (failure.kind()) {
      case USAGE -> USAGE;
      case UNREACHABLE -> UNREACHABLE;
      case NEGATIVE -> BAD_ANSWER;
      case INTERRUPTED -> INTERRUPTED;
    };
  }
}
