package io.postflight.store.memory;

import io.postflight.store.RowReaderContract;
import io.postflight.store.StoreEnvironment;

class InMemoryRowReaderTest extends RowReaderContract {
  private final InMemoryStores stores = new InMemoryStores();

  @Override
  protected StoreEnvironment stores() {
    return stores;
  }
}
