package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.EventStore;
import io.postflight.store.StoreContract;
import io.postflight.store.StoreSamples;
import io.postflight.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Once the database has purged its tombstones, only the ledger of commands prevents erased rows
 * from being restored.
 */
class AfterGcGraceTest {
  private static final String KEYSPACE = SharedServers.uniqueName("gcgrace");
  private static final Duration GC_GRACE = Duration.ofSeconds(1);
  private static final String TENANT = "acme";

  @RegisterExtension
  static final CqlTables TABLES =
      new CqlTables(
          CqlTables.settings(KEYSPACE).withGcGrace(GC_GRACE), tenant -> StoreSamples.ONE_SHARD);

  private final EventStore store = TABLES.store(StoreContract.TIER);

  @Test
  void the_ledger_prevents_erased_rows_from_being_restored_after_gc_grace() throws Exception {
    long time = System.currentTimeMillis() - 60_000;
    List<TierRecord> topic = new ArrayList<>();
    topic.addAll(lifecycle("m1", "u1", time));
    topic.addAll(lifecycle("m2", "u2", time));
    topic.addAll(lifecycle("m3", "u3", time));
    List<Erasure> ledger =
        List.of(
            command("m1", null, List.of(), time + 10_000),
            command(null, "u2", List.of(), time + 10_000),
            command("m3", null, List.of("body"), time + 10_000));
    replay(topic);
    for (Erasure command : ledger) {
      store
          .erase(command, ErasureTimes.micros(command))
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    }
    List<String> erased = rows();
    assertThat(erased).noneMatch(AfterGcGraceTest::mustBeErased).hasSize(1 + 1 + 2);

    // Tombstones hide replayed rows.
    replay(topic);
    assertThat(rows()).isEqualTo(erased);
    purgeTombstones();
    assertThat(rows()).isEqualTo(erased);

    ErasureIndex index = new ErasureIndex();
    ledger.forEach(index::add);
    replay(topic.stream().map(index::leftOf).filter(Objects::nonNull).toList());
    assertThat(rows()).isEqualTo(erased);

    // Without the ledger they are restored, which proves that the tombstones were purged.
    replay(topic);
    assertThat(rows()).filteredOn(AfterGcGraceTest::mustBeErased).hasSize(2 * (1 + 1 + 2));
  }

  private void purgeTombstones() {
    TABLES.advance(GC_GRACE.plusMillis(1_500));
    SharedServers.cassandra().flushAndCompact(KEYSPACE);
  }

  private static boolean mustBeErased(String row) {
    return row.contains("'m1'") || row.contains("'m2'");
  }

  private static List<TierRecord> lifecycle(String messageId, String user, long time) {
    return StoreSamples.lifecycle(
        StoreContract.TIER.name(),
        StoreSamples.event(TENANT, user, messageId, Status.SENT, time),
        StoreSamples.event(TENANT, user, messageId, Status.DELIVERED, time + 1_000));
  }

  private static Erasure command(
      @Nullable String messageId, @Nullable String user, List<String> fields, long at) {
    return Erasure.newBuilder()
        .setId("e-" + messageId + user)
        .setTenant(TENANT)
        .setMessageId(messageId)
        .setUserId(user)
        .setFields(fields)
        .setAt(at)
        .build();
  }

  /** All rows without origins, which are undefined for a redacted message. */
  private static List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (Table table : Table.values()) {
      TABLES
          .dump(table, TENANT)
          .forEach(row -> rows.add(row.replaceAll("origins:\\[.*?\\}\\]", "")));
    }
    return rows;
  }

  private void replay(List<TierRecord> records) {
    records.forEach(record -> StoreContract.write(store, record));
  }
}
