package io.postflight.store;

import org.jspecify.annotations.Nullable;

/** A failed request to a store; its kind determines how to handle it. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How to handle a failed request. */
  public enum Kind {
    /**
     * The database is unavailable, slow or overloaded: retry. The request may have been applied.
     */
    TRANSIENT,
    /** The database rejects this request permanently because of its contents. */
    INVALID,
    /** No request can succeed until the deployment is fixed. */
    FATAL
  }

  private final Kind kind;
  private final boolean diskFull;
  private final boolean tooLarge;

  /** Creates a failure without a cause. */
  public StoreException(Kind kind, String message) {
    this(kind, false, false, message, null);
  }

  /** Creates a failure of a kind. */
  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, false, false, message, cause);
  }

  private StoreException(
      Kind kind, boolean diskFull, boolean tooLarge, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.diskFull = diskFull;
    this.tooLarge = tooLarge;
  }

  /** Creates a TRANSIENT failure: the database rejects all writes because its disk is full. */
  public static StoreException diskFull(String message, @Nullable Throwable cause) {
    return new StoreException(Kind.TRANSIENT, true, false, message, cause);
  }

  /** Creates an INVALID failure: the rows of a read have too many bytes for one answer. */
  public static StoreException tooLarge(String message) {
    return new StoreException(Kind.INVALID, false, true, message, null);
  }

  /** How to handle it. */
  public Kind kind() {
    return kind;
  }

  /** Whether it failed because a disk of the database is full or read-only. */
  public boolean diskFull() {
    return diskFull;
  }

  /** Whether it failed because the rows of a read have too many bytes for one answer. */
  public boolean tooLarge() {
    return tooLarge;
  }
}
