package io.postflight.store;

import org.jspecify.annotations.Nullable;

/** A read did not succeed; its kind says what can be done about it. */
public final class ReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final WriteException.Kind kind;

  /** A failure of a kind, for a reason that the message gives. */
  public ReadException(WriteException.Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What can be done about it. */
  public WriteException.Kind kind() {
    return kind;
  }
}
