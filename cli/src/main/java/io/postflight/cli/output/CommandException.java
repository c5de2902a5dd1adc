package io.postflight.cli.output;

import org.jspecify.annotations.Nullable;

/**
 * The command cannot go on, for a reason that its user can do something about. The message is one
 * line that says what is wrong and what to do.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The command line is wrong. */
  public static CommandException usage(String message) {
    return new CommandException(ExitCodes.USAGE, message, null);
  }

  /** A server that is needed cannot be reached. */
  public static CommandException unreachable(String message, @Nullable Throwable cause) {
    return new CommandException(ExitCodes.UNREACHABLE, message, cause);
  }

  /** It ran, and the answer is bad. */
  public static CommandException badAnswer(String message) {
    return new CommandException(ExitCodes.BAD_ANSWER, message, null);
  }

  /** The command's user interrupted it. */
  public static CommandException interrupted() {
    return new CommandException(ExitCodes.INTERRUPTED, "interrupted", null);
  }

  /** What the process ends with. */
  public int exitCode() {
    return exitCode;
  }
}
