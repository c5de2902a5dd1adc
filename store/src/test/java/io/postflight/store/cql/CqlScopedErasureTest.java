package io.postflight.store.cql;

import io.postflight.store.ScopedErasureContract;
import io.postflight.store.StoreEnvironment;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlScopedErasureTest extends ScopedErasureContract {
  @RegisterExtension static final CqlTables TABLES = CqlTables.of("scoped", tenant -> SHARDS);

  @Override
  protected StoreEnvironment stores() {
    return TABLES;
  }
}
