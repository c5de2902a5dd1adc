package io.postflight.sink;

import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteResult;

/** Told what a {@link WriteQueue} does. Called from any thread; must not block. */
interface WriteListener {
  /** A statement succeeded. */
  void written(Table table, WriteResult result, long nanos);

  /** A statement failed and will be sent again. */
  void retried(Table table, int rows);

  /** A row was refused for good. */
  void refused(Table table);

  /** No statement can succeed; the queue has stopped for good. */
  void fatal(WriteException why);
}
