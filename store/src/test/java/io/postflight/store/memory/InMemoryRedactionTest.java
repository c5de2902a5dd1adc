package io.postflight.store.memory;

import io.postflight.store.RedactionContract;
import io.postflight.store.StoreEnvironment;

class InMemoryRedactionTest extends RedactionContract {
  private final InMemoryStores stores = new InMemoryStores();

  @Override
  protected StoreEnvironment stores() {
    return stores;
  }
}
