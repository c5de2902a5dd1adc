package io.postflight.store.cql;

import io.postflight.store.LatestContract;
import io.postflight.store.StoreEnvironment;
import io.postflight.store.StoreSamples;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlLatestTest extends LatestContract {
  @RegisterExtension
  static final CqlTables TABLES = CqlTables.of("latest", tenant -> StoreSamples.ONE_SHARD);

  @Override
  protected StoreEnvironment stores() {
    return TABLES;
  }
}
