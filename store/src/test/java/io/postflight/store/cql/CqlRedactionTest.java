package io.postflight.store.cql;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.store.EventStore;
import io.postflight.store.RedactionContract;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class CqlRedactionTest extends RedactionContract {
  private static CqlTables tables;

  @BeforeAll
  static void createTables() {
    tables =
        new CqlTables(CqlTables.settings(SharedServers.uniqueName("redaction")), tenant -> SHARDS);
  }

  @AfterAll
  static void close() {
    tables.close();
  }

  @Override
  protected EventStore store(Tier tier) {
    return tables.store(tier);
  }

  @Override
  protected long now() {
    return System.currentTimeMillis();
  }

  @Override
  protected void advance(Duration time) {
    CqlTables.advance(time);
  }

  @Override
  protected List<String> dump(Table table, String tenant) {
    return tables.dump(table, tenant);
  }
}
