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
  private final boolean diskFull;

  /** A failure of a kind, for a reason that the message gives. */
  public WriteException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, false, message, cause);
  }

  private WriteException(Kind kind, boolean diskFull, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.diskFull = diskFull;
  }

  /** The database takes no writes until its disk has room again: no request's fault. */
  public static WriteException diskFull(String message, @Nullable Throwable cause) {
    return new WriteException(Kind.TRANSIENT, true, message, cause);
  }

  /** What can be done about it. */
  public Kind kind() {
    return kind;
  }

  /** Whether it is known to have failed because a disk of the database is full or read-only. */
  public boolean diskFull() {
    return diskFull;
  }
}
