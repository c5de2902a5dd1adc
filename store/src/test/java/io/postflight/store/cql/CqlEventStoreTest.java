package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.EventStoreContract;
import io.postflight.store.Page;
import io.postflight.store.PageRequest;
import io.postflight.store.PartitionKey;
import io.postflight.store.StoreEnvironment;
import io.postflight.store.StoreException;
import io.postflight.store.StoreSamples;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlEventStoreTest extends EventStoreContract {
  @RegisterExtension
  static final CqlTables TABLES = CqlTables.of("contract", tenant -> StoreSamples.ONE_SHARD);

  private static final String KEYSPACE = TABLES.settings.keyspace();

  private final CqlSession session = TABLES.session;

  @Override
  protected StoreEnvironment stores() {
    return TABLES;
  }

  @Test
  void a_row_gets_its_remaining_ttl_however_often_it_is_written() {
    long anchor = now() - Duration.ofDays(10).toMillis();
    TierRecord record =
        StoreSamples.lifecycle(
                TIER.name(), StoreSamples.event(tenant, "u", "m", Status.DELIVERED, anchor))
            .get(0);
    write(store(TIER), record);
    advance(Duration.ofSeconds(2));
    write(store(TIER), record);

    long expected = (anchor + Duration.ofDays(30).toMillis() - now()) / 1000;
    for (String select :
        List.of(
            "SELECT TTL(type), WRITETIME(type) FROM %s.timeline WHERE tenant = '%s' ALLOW"
                + " FILTERING",
            "SELECT TTL(created_at), WRITETIME(created_at) FROM %s.message WHERE tenant = '%s'"
                + " ALLOW FILTERING",
            "SELECT TTL(created_at), WRITETIME(created_at) FROM %s.message_by_time WHERE tenant ="
                + " '%s' ALLOW FILTERING")) {
      Row row = session.execute(select.formatted(KEYSPACE, tenant)).one();
      assertThat(row).as(select).isNotNull();
      assertThat((long) row.getInt(0)).as(select).isCloseTo(expected, within(1L));
      assertThat(row.getLong(1) - anchor * 1000).as(select).isBetween(0L, 1L);
    }
  }

  @Test
  void the_replicas_of_a_partition_are_those_of_its_token() {
    String select = "SELECT token(%s) FROM %s.%s WHERE tenant = '%s' ALLOW FILTERING";
    Map<Table, String> keys =
        Map.of(
            Table.TIMELINE, "tenant, user_id, bucket, shard",
            Table.MESSAGE, "tenant, message_id",
            Table.MESSAGE_BY_TIME, "tenant, bucket, shard",
            Table.IDENTITY, "tenant, alias");
    TierRecord record =
        StoreSamples.lifecycle(
                TIER.name(), StoreSamples.event(tenant, "ü", "m", Status.DELIVERED, now()))
            .get(0);
    write(store(TIER), record);
    AliasLink link = new AliasLink("DE.1", LinkRelation.SAME, now(), now(), null);
    TierRecord identity = StoreSamples.identity(tenant, "ü", now(), link);
    write(store(TIER), identity);
    TokenMap tokens = session.getMetadata().getTokenMap().orElseThrow();

    for (Table table : Table.values()) {
      PartitionKey partition =
          rows(table == Table.IDENTITY ? identity : record, table).get(0).partition();
      Row row =
          session
              .execute(select.formatted(keys.get(table), KEYSPACE, table.cqlName(), tenant))
              .one();
      assertThat(row).as(table.cqlName()).isNotNull();
      assertThat(tokens.newToken(Ring.components(partition)))
          .as(table.cqlName())
          .isEqualTo(row.getToken(0));
      assertThat(store(TIER).replicas(partition).coordinators()).hasSize(1);
      assertThat(store(TIER).replicas(partition)).isEqualTo(store(TIER).replicas(partition));
    }
  }

  @Test
  void a_write_uses_the_given_coordinator() {
    TierRecord record =
        StoreSamples.lifecycle(
                TIER.name(), StoreSamples.event(tenant, "u", "m", Status.DELIVERED, now()))
            .get(0);
    List<io.postflight.store.Row> rows = rows(record, Table.MESSAGE);
    Object coordinator = store(TIER).replicas(rows.get(0).partition()).coordinators().get(0);

    assertThat(get(store(TIER).write(rows, coordinator))).isEqualTo(new WriteResult(1, 0));
  }

  @Test
  void rows_with_unlimited_retention_have_no_ttl() {
    Tier forever = Tier.of("forever", null);
    write(
        store(forever),
        StoreSamples.timeline(StoreSamples.action(tenant, "u", "viewed", now()), 1));

    Row row =
        session
            .execute(
                "SELECT TTL(type) FROM %s.timeline WHERE tenant = '%s' ALLOW FILTERING"
                    .formatted(KEYSPACE, tenant))
            .one();
    assertThat(row).isNotNull();
    assertThat(row.isNull(0)).isTrue();
  }

  @Test
  void many_rows_of_one_partition_are_split_into_batches_that_the_server_accepts() {
    long time = TIER.buckets().at(now()).start();
    String attribute = "x".repeat(2_000);
    List<io.postflight.store.Row> rows =
        upTo(1_000)
            .mapToObj(
                i ->
                    StoreSamples.actionBuilder(tenant, "u", "viewed", time + i)
                        .setAttributes(Map.of("long", attribute))
                        .build())
            .flatMap(event -> rows(StoreSamples.timeline(event, 1), Table.TIMELINE).stream())
            .toList();

    assertThat(get(store(TIER).write(rows))).isEqualTo(new WriteResult(1_000, 0));
    assertThat(readAll(store(TIER), TimelineQuery.newest(tenant, "u", StoreSamples.ONE_SHARD, 400)))
        .hasSize(1_000);
  }

  @Test
  void a_row_that_is_too_large_is_invalid_before_it_is_sent() {
    assertInvalid(
        StoreSamples.actionBuilder(tenant, "u", "viewed", now())
            .setAttributes(Map.of("long", "x".repeat(1024 * 1024)))
            .build());
    assertThat(dump(Table.TIMELINE, tenant)).isEmpty();
  }

  @Test
  void a_row_that_the_server_rejects_is_invalid() {
    assertInvalid(
        StoreSamples.actionBuilder(tenant, "u", "viewed", now())
            .setEventId("e".repeat(70_000))
            .build());
  }

  @Test
  void a_page_whose_time_budget_is_used_up_is_partial_and_can_be_continued() {
    for (int i = 0; i < 5; i++) {
      long time = now() - Duration.ofDays(5L * i).toMillis() - 1_000;
      write(
          store(TIER), StoreSamples.timeline(StoreSamples.action(tenant, "u", "viewed", time), 1));
    }
    TimelineQuery withoutBudget = TimelineQuery.newest(tenant, "u", StoreSamples.ONE_SHARD, 50);
    PageRequest request = withoutBudget.page();
    TimelineQuery hurried = withoutBudget.with(request.within(Duration.ofNanos(1)));
    Page<TimelineItem> page = get(store(TIER).timeline(hurried));
    assertThat(page.partial()).isTrue();
    assertThat(page.next()).isNotNull();

    TimelineQuery next = withoutBudget.with(request.after(page.next()));
    List<TimelineItem> rest = get(store(TIER).timeline(next)).items();
    assertThat(page.items().size() + rest.size()).isEqualTo(5);
  }

  @Test
  void the_schema_can_be_applied_again_concurrently() {
    CqlSchema.create(TIER, TABLES.settings);
    Row table =
        session
            .execute(
                "SELECT default_time_to_live, compaction FROM system_schema.tables WHERE"
                    + " keyspace_name = '%s' AND table_name = 'timeline'".formatted(KEYSPACE))
            .one();
    assertThat(table).isNotNull();
    assertThat(table.getInt(0)).isEqualTo(30 * 86_400);
    assertThat(table.getMap(1, String.class, String.class))
        .containsEntry("compaction_window_size", "24")
        .containsEntry("compaction_window_unit", "HOURS");
  }

  @Test
  void a_store_without_tables_fails_as_fatal_until_they_exist() {
    String keyspace = SharedServers.uniqueName("late");
    try (CqlEventStore store =
        CqlEventStore.open(TIER, CqlTables.settings(keyspace), InstantSource.system())) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> get(store.probe()))
                      .isInstanceOfSatisfying(
                          StoreException.class,
                          failure ->
                              assertThat(failure.kind()).isEqualTo(StoreException.Kind.FATAL)));

      new CqlSchema(TIER, CqlTables.settings(keyspace)).apply(session);
      await().atMost(Duration.ofSeconds(30)).until(() -> store.awaitReady(Duration.ofSeconds(30)));
      get(store.probe());
    }
  }

  private void assertInvalid(MessageEvent event) {
    List<io.postflight.store.Row> row = rows(StoreSamples.timeline(event, 1), Table.TIMELINE);
    assertThatThrownBy(() -> get(store(TIER).write(row)))
        .isInstanceOfSatisfying(
            StoreException.class,
            failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.INVALID));
  }
}
