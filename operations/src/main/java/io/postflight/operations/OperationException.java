package io.postflight.operations;

import org.jspecify.annotations.Nullable;

/**
 * An operation failed for a reason that its caller can fix. The message is one line that names the
 * reason and what to do.
 */
public final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum FailureKind {
    /** A parameter or the configuration is wrong. */
    USAGE,
    /** A server that is needed cannot be reached. */
    UNREACHABLE,
    /** The operation ran, and its result is negative. */
    NEGATIVE,
    /** The caller interrupted it. */
    INTERRUPTED
  }

  private final FailureKind kind;
  private final boolean ofParameter;

  private OperationException(FailureKind kind, String message, @Nullable Throwable cause) {
    this(kind, message, cause, false);
  }

  private OperationException(
      FailureKind kind, String message, @Nullable Throwable cause, boolean ofParameter) {
    super(message, cause);
    this.kind = kind;
    this.ofParameter = ofParameter;
  }

  /**
   * A parameter is wrong.
   *
   * @param name of the parameter, such as {@code tier}, which the message begins with
   * @param problem its value, unless it is a secret, and what is allowed
   */
  public static OperationException parameter(String name, String problem) {
    return new OperationException(FailureKind.USAGE, name + ' ' + problem, null, true);
  }

  /** A parameter or the configuration is wrong. */
  public static OperationException usage(String message) {
    return new OperationException(FailureKind.USAGE, message, null);
  }

  /** A server that is needed cannot be reached. */
  public static OperationException unreachable(String message) {
    return new OperationException(FailureKind.UNREACHABLE, message, null);
  }

  /** A server that is needed cannot be reached, for a reason. */
  public static OperationException unreachable(String message, Throwable cause) {
    return new OperationException(FailureKind.UNREACHABLE, message, cause);
  }

  /** The operation ran, and its result is negative. */
  public static OperationException negative(String message) {
    return new OperationException(FailureKind.NEGATIVE, message, null);
  }

  /** The caller interrupted it. */
  public static OperationException interrupted() {
    return new OperationException(FailureKind.INTERRUPTED, "interrupted", null);
  }

  /** Whether the message begins with the name of a parameter. */
  public boolean ofParameter() {
    return ofParameter;
  }

  /** The kind of failure. */
  public FailureKind kind() {
    return kind;
  }
}
