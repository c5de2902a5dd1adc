package io.postflight.operations;

import org.jspecify.annotations.Nullable;

/**
 * An operation cannot be completed, for a reason that its caller can do something about. The
 * message is one line that names what is wrong and what to do.
 */
public final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is. */
  public enum Kind {
    /** A parameter or the configuration is wrong. */
    USAGE,
    /** A server that is needed cannot be reached. */
    UNREACHABLE,
    /** The operation ran, and its result is negative. */
    NEGATIVE,
    /** The caller interrupted it. */
    INTERRUPTED
  }

  private final Kind kind;

  private OperationException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** A parameter or the configuration is wrong. */
  public static OperationException usage(String message) {
    return new OperationException(Kind.USAGE, message, null);
  }

  /** A server that is needed cannot be reached. */
  public static OperationException unreachable(String message) {
    return new OperationException(Kind.UNREACHABLE, message, null);
  }

  /** A server that is needed cannot be reached, for a reason. */
  public static OperationException unreachable(String message, Throwable cause) {
    return new OperationException(Kind.UNREACHABLE, message, cause);
  }

  /** The operation ran, and its result is negative. */
  public static OperationException negative(String message) {
    return new OperationException(Kind.NEGATIVE, message, null);
  }

  /** The caller interrupted it. */
  public static OperationException interrupted() {
    return new OperationException(Kind.INTERRUPTED, "interrupted", null);
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }
}
