package io.postflight.store.cql;

import io.postflight.store.IdentityContract;
import io.postflight.store.StoreEnvironment;
import io.postflight.store.StoreSamples;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlIdentityTest extends IdentityContract {
  @RegisterExtension
  static final CqlTables TABLES = CqlTables.of("identity", tenant -> StoreSamples.ONE_SHARD);

  @Override
  protected StoreEnvironment stores() {
    return TABLES;
  }
}
