package io.postflight.sink;

import io.postflight.store.WriteException;

/** Told what an {@link ErasureQueue} does. Called from any thread; must not block. */
interface ErasureListener {
  /** A command was applied, to so many rows. */
  void erased(long rows);

  /** A command failed and will be tried again. */
  void retried();

  /** A command was refused for good. */
  void refused();

  /** No command can succeed; the queue has stopped for good. */
  void fatal(WriteException why);
}
