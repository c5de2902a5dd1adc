package io.postflight.store.cql;

import io.postflight.store.RedactionContract;
import io.postflight.store.StoreEnvironment;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlRedactionTest extends RedactionContract {
  @RegisterExtension static final CqlTables TABLES = CqlTables.of("redaction", tenant -> SHARDS);

  @Override
  protected StoreEnvironment stores() {
    return TABLES;
  }
}
