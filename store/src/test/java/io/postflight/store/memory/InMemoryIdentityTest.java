package io.postflight.store.memory;

import io.postflight.store.IdentityContract;
import io.postflight.store.StoreEnvironment;

class InMemoryIdentityTest extends IdentityContract {
  private final InMemoryStores stores = new InMemoryStores();

  @Override
  protected StoreEnvironment stores() {
    return stores;
  }
}
