package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.EventStore;
import io.postflight.store.KeyLimits;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import io.postflight.store.RowReaderContract;
import io.postflight.store.Rows;
import io.postflight.store.StoreSamples;
import io.postflight.store.Tier;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CqlRowsTest extends RowReaderContract {
  private static final String KEYSPACE = SharedServers.uniqueName("rows");
  private static final Map<Tier, CqlEventStore> STORES = new HashMap<>();

  @BeforeAll
  static void createTables() {
    try (CqlSession session =
        SessionConfig.builder("test", CqlEventStoreTest.settings(KEYSPACE)).build()) {
      new CqlSchema(TIER, CqlEventStoreTest.settings(KEYSPACE)).apply(session);
    }
  }

  @AfterAll
  static void close() {
    STORES.values().forEach(CqlEventStore::close);
  }

  @Override
  protected EventStore store(Tier tier) {
    return STORES.computeIfAbsent(tier, CqlRowsTest::open);
  }

  @Override
  protected RowReader reader(Tier tier) {
    return STORES.computeIfAbsent(tier, CqlRowsTest::open);
  }

  @Override
  protected long now() {
    return System.currentTimeMillis();
  }

  @Test
  void a_removed_row_is_not_restored_and_other_rows_are_kept() {
    CqlEventStore store = STORES.computeIfAbsent(TIER, CqlRowsTest::open);
    List<TierRecord> records =
        StoreSamples.lifecycle(
            TIER.name(),
            StoreSamples.event(tenant, "u", "m", Status.SENT, now() - 2_000),
            StoreSamples.event(tenant, "u", "m", Status.DELIVERED, now() - 1_000));
    records.forEach(record -> write(store, record));
    List<Row> gone = Rows.of(records.get(1), TIER);
    for (Row row : gone) {
      done(store.remove(RowKey.of(row), row.writeTimestampMicros()));
    }
    records.forEach(record -> write(store, record));

    assertThat(gone).allSatisfy(row -> assertThat(read(store, row)).isEmpty());
    Row neighbour = Rows.of(records.get(0), TIER).get(0);
    assertThat(read(store, neighbour)).isPresent();
  }

  @Test
  void the_limit_of_keys_is_that_of_the_database() {
    try (CqlSession session =
        SessionConfig.builder("test", CqlEventStoreTest.settings(KEYSPACE)).build()) {
      String insert =
          "INSERT INTO " + KEYSPACE + ".message (tenant, message_id, revision) VALUES (?, ?, 1)";
      int max = KeyLimits.MAX_BYTES - 6 - tenant.length();

      assertThat(session.execute(insert, tenant, "x".repeat(max)).wasApplied()).isTrue();
      assertThatThrownBy(() -> session.execute(insert, tenant, "x".repeat(max + 1)))
          .isInstanceOf(InvalidQueryException.class)
          .hasMessageContaining("65535");
    }
  }

  private static void done(CompletionStage<Void> stage) {
    stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static CqlEventStore open(Tier tier) {
    CqlEventStore store =
        CqlEventStore.open(tier, CqlEventStoreTest.settings(KEYSPACE), InstantSource.system());
    done(store.ready());
    return store;
  }
}
