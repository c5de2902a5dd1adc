package io.postflight.store.memory;

import io.postflight.store.EventStoreContract;
import io.postflight.store.StoreEnvironment;

class InMemoryEventStoreTest extends EventStoreContract {
  private final InMemoryStores stores = new InMemoryStores();

  @Override
  protected StoreEnvironment stores() {
    return stores;
  }
}
