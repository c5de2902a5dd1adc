package io.postflight.store.memory;

import io.postflight.store.LatestContract;
import io.postflight.store.StoreEnvironment;

class InMemoryLatestTest extends LatestContract {
  private final InMemoryStores stores = new InMemoryStores();

  @Override
  protected StoreEnvironment stores() {
    return stores;
  }
}
