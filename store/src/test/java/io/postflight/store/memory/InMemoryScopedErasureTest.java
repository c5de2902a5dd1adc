package io.postflight.store.memory;

import io.postflight.store.ScopedErasureContract;
import io.postflight.store.StoreEnvironment;

class InMemoryScopedErasureTest extends ScopedErasureContract {
  private final InMemoryStores stores = new InMemoryStores();

  @Override
  protected StoreEnvironment stores() {
    return stores;
  }
}
