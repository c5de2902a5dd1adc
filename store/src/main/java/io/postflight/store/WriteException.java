package io.postflight.store;

import org.jspecify.annotations.Nullable;

/** A write did not succeed; its kind says what can be done about it. */
public final class WriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What can be done about a failed request. */
  public enum Kind {
    /** The database is away, late or overloaded: try again. Whether it was done is not known. */
    TRANSIENT,
    /** The database will never take this request: it is at fault itself. */
    INVALID,
    /** No request can succeed until somebody mends the deployment. */
    FATAL
  }

  private final Kind kind;

  /** A failure of a kind, for a reason that the message gives. */
  public WriteException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What can be done about it. */
  public Kind kind() {
    return kind;
  }
}
