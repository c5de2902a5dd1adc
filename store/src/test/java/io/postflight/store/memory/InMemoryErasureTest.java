package io.postflight.store.memory;

import io.postflight.store.ErasureContract;
import io.postflight.store.StoreEnvironment;

class InMemoryErasureTest extends ErasureContract {
  private final InMemoryStores stores = new InMemoryStores();

  @Override
  protected StoreEnvironment stores() {
    return stores;
  }
}
