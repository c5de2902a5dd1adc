package io.postflight.store;

import org.jspecify.annotations.Nullable;

/** A failed read; its kind determines how to handle it. */
public final class ReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final WriteException.Kind kind;

  /** Creates a failure of a kind. */
  public ReadException(WriteException.Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** How to handle it. */
  public WriteException.Kind kind() {
    return kind;
  }
}
