package io.postflight.sink.write;

import io.postflight.store.StoreException;

/** Listener of an {@link ErasureQueue}. Called from any thread; must not block. */
public interface ErasureListener {
  /** A command was applied to this many rows. */
  void erased(long rows);

  /** A command failed and will be retried. */
  void retried();

  /** A command was rejected permanently. */
  void rejected();

  /** No command can succeed; the queue has stopped. */
  void fatal(StoreException why);
}
