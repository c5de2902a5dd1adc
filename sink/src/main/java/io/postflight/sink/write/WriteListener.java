package io.postflight.sink.write;

import io.postflight.store.StoreException;
import io.postflight.store.Table;
import io.postflight.store.WriteResult;

/** Listener of a {@link WriteQueue}. Called from any thread; must not block. */
public interface WriteListener {
  /** A statement is sent, for the first time or again; a batch is one statement. */
  default void sent() {}

  /** A statement succeeded. */
  void written(Table table, WriteResult result, long nanos);

  /** A statement failed and will be retried. */
  void retried(Table table, int rows);

  /** A row was rejected permanently. */
  void rejected(Table table);

  /** No statement can succeed; the queue has stopped. */
  void fatal(StoreException why);
}
