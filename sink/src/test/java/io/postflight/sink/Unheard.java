package io.postflight.sink;

import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteResult;

/** Listens to a queue for nothing but what must not be: that it stops for good. */
class Unheard implements WriteListener, ErasureListener {
  @Override
  public void written(Table table, WriteResult result, long nanos) {}

  @Override
  public void retried(Table table, int rows) {}

  @Override
  public void refused(Table table) {}

  @Override
  public void erased(long rows) {}

  @Override
  public void retried() {}

  @Override
  public void refused() {}

  @Override
  public void fatal(WriteException why) {
    throw new AssertionError(why);
  }
}
