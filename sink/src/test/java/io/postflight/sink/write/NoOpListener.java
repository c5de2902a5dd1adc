package io.postflight.sink.write;

import io.postflight.store.StoreException;
import io.postflight.store.Table;
import io.postflight.store.WriteResult;

/** Listener that ignores all events but fatal failures, which fail the test. */
public class NoOpListener implements WriteListener, ErasureListener {
  @Override
  public void written(Table table, WriteResult result, long nanos) {}

  @Override
  public void retried(Table table, int rows) {}

  @Override
  public void rejected(Table table) {}

  @Override
  public void erased(long rows) {}

  @Override
  public void retried() {}

  @Override
  public void rejected() {}

  @Override
  public void fatal(StoreException why) {
    throw new AssertionError(why);
  }
}
