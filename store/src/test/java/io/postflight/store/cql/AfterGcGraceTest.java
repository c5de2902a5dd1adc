package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.EventStore;
import io.postflight.store.Samples;
import io.postflight.store.StoreContract;
import io.postflight.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * What keeps the erased away once the database has forgotten its tombstones: the ledger of
 * commands, and nothing else.
 */
class AfterGcGraceTest {
  private static final String KEYSPACE = SharedServers.uniqueName("gcgrace");
  private static final Duration GC_GRACE = Duration.ofSeconds(1);
  private static final String TENANT = "acme";

  private static final CqlTables TABLES =
      new CqlTables(
          CqlTables.settings(KEYSPACE).withGcGrace(GC_GRACE), tenant -> Samples.ONE_SHARD);

  private final EventStore store = TABLES.store(StoreContract.TIER);

  @AfterAll
  static void close() {
    TABLES.close();
  }

  @Test
  void the_ledger_keeps_away_what_tombstones_no_longer_do() throws Exception {
    long time = System.currentTimeMillis() - 60_000;
    List<TierRecord> topic = new ArrayList<>();
    topic.addAll(life("m1", "u1", time));
    topic.addAll(life("m2", "u2", time));
    topic.addAll(life("m3", "u3", time));
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
    assertThat(erased).noneMatch(AfterGcGraceTest::mustBeGone).hasSize(1 + 1 + 2 + 2);

    // While the tombstones are there, they hold.
    replay(topic);
    assertThat(rows()).isEqualTo(erased);
    forgetTombstones();
    assertThat(rows()).isEqualTo(erased);

    ErasureIndex index = new ErasureIndex();
    ledger.forEach(index::add);
    replay(topic.stream().map(index::leftOf).filter(Objects::nonNull).toList());
    assertThat(rows()).isEqualTo(erased);

    // Without the ledger they are back: so the tombstones were gone indeed.
    replay(topic);
    assertThat(rows()).filteredOn(AfterGcGraceTest::mustBeGone).hasSize(2 * (1 + 1 + 2 + 2));
  }

  private void forgetTombstones() {
    CqlTables.letPass(GC_GRACE.plusMillis(1_500));
    SharedServers.cassandra().flushAndCompact(KEYSPACE);
  }

  private static boolean mustBeGone(String row) {
    return row.contains("'m1'") || row.contains("'m2'");
  }

  private static List<TierRecord> life(String messageId, String user, long time) {
    return Samples.life(
        StoreContract.TIER.name(),
        Samples.event(TENANT, user, messageId, Status.SENT, time),
        Samples.event(TENANT, user, messageId, Status.DELIVERED, time + 1_000));
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

  /** All rows, without where facts come from: of a redacted message's either list may stay. */
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
