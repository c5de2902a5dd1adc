package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.store.StoreException;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class CqlSchemaTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));

  @Test
  void applying_twice_does_nothing_and_a_new_retention_changes_the_options_of_tables_that_expire() {
    ClusterSettings settings = CqlTables.settings(SharedServers.uniqueName("schema"));
    try (CqlSession session = SessionConfig.builder("schema-test", settings).build()) {
      CqlSchema schema = new CqlSchema(TIER, settings);
      assertThat(schema.pending(session)).isEqualTo(schema.statements());
      schema.apply(session);
      assertThat(schema.pending(session)).isEmpty();

      CqlSchema longer = new CqlSchema(Tier.of("60d", Duration.ofDays(60)), settings);
      assertThat(longer.pending(session))
          .hasSize(3)
          .allMatch(statement -> statement.startsWith("ALTER TABLE"))
          .allMatch(statement -> statement.contains("default_time_to_live = 5184000"))
          .allMatch(statement -> statement.contains("'compaction_window_size': 48"));
      longer.apply(session);
      assertThat(longer.pending(session)).isEmpty();
    }
  }

  @Test
  void options_of_a_table_that_does_not_expire_are_restored() {
    ClusterSettings settings = CqlTables.settings(SharedServers.uniqueName("identity"));
    try (CqlSession session = SessionConfig.builder("schema-test", settings).build()) {
      CqlSchema schema = new CqlSchema(TIER, settings);
      schema.apply(session);
      session.execute(
          "ALTER TABLE %s.identity WITH default_time_to_live = 60".formatted(settings.keyspace()));

      assertThat(schema.pending(session))
          .singleElement()
          .matches(statement -> statement.contains("default_time_to_live = 0"));
      schema.apply(session);
      assertThat(schema.pending(session)).isEmpty();
    }
  }

  @Test
  void tables_of_another_format_are_neither_changed_nor_used() throws Exception {
    ClusterSettings settings = CqlTables.settings(SharedServers.uniqueName("format"));
    String ofFormat = "keyspace " + settings.keyspace() + " has tables of format %s; this version";
    String withoutFormat = "table " + settings.keyspace() + ".timeline has no recorded format";
    try (CqlSession session = SessionConfig.builder("schema-test", settings).build()) {
      CqlSchema schema = new CqlSchema(TIER, settings);
      schema.apply(session);
      String comment = "ALTER TABLE %s.timeline WITH comment = '%s'";
      for (String other : List.of("0", "10")) {
        session.execute(comment.formatted(settings.keyspace(), "Postflight, format " + other));

        assertThatThrownBy(() -> schema.pending(session))
            .isInstanceOf(StoreException.class)
            .hasMessageStartingWith(ofFormat.formatted(other))
            .hasMessageContaining("requires format 1: drop the keyspace");
      }
      session.execute(comment.formatted(settings.keyspace(), "of team A"));
      assertThatThrownBy(() -> schema.apply(session))
          .hasMessageStartingWith(withoutFormat)
          .hasMessageContaining(comment.formatted(settings.keyspace(), "Postflight, format 1"))
          .hasMessageNotContaining("drop");
    }
    assertUnusable(settings, withoutFormat);
    try (CqlSession session = SessionConfig.builder("schema-test", settings).build()) {
      session.execute(
          "ALTER TABLE %s.timeline WITH comment = 'of team A; Postflight, format 1'"
              .formatted(settings.keyspace()));
      assertThat(new CqlSchema(TIER, settings).pending(session)).isEmpty();
    }
  }

  @Test
  void types_with_fields_in_another_order_are_neither_changed_nor_used() throws Exception {
    ClusterSettings settings = CqlTables.settings(SharedServers.uniqueName("fields"));
    String type = settings.keyspace() + ".event_pointer";
    String refused =
        "type %s has the fields [anchor, event_time, event_id, written_at]; this version requires [anchor, event_time, event_id, type, written_at]"
            .formatted(type);
    try (CqlSession session = SessionConfig.builder("schema-test", settings).build()) {
      CqlSchema schema = new CqlSchema(TIER, settings);
      session.execute(schema.statements().get(0));
      session.execute(
          "CREATE TYPE %s (anchor bigint, event_time timestamp, event_id text, written_at bigint)"
              .formatted(type));

      assertThatThrownBy(() -> schema.apply(session))
          .isInstanceOfSatisfying(
              StoreException.class,
              failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.FATAL))
          .hasMessageStartingWith(refused);
    }
    assertUnusable(settings, refused);
  }

  @Test
  void fields_that_are_missing_at_the_end_of_a_type_are_added() throws Exception {
    ClusterSettings settings = CqlTables.settings(SharedServers.uniqueName("fields"));
    String type = settings.keyspace() + ".event_pointer";
    try (CqlSession session = SessionConfig.builder("schema-test", settings).build()) {
      CqlSchema schema = new CqlSchema(TIER, settings);
      session.execute(schema.statements().get(0));
      session.execute(
          "CREATE TYPE %s (anchor bigint, event_time timestamp, event_id text)".formatted(type));
      assertUnusable(settings, "type " + type + " has the fields [anchor, event_time, event_id]");

      schema.apply(session);
      assertThat(schema.pending(session)).isEmpty();
      CqlSchema.requireCurrent(settings.keyspace(), session.refreshSchema());
    }
  }

  private static void assertUnusable(ClusterSettings settings, String reason) {
    try (CqlEventStore store = CqlEventStore.open(TIER, settings, InstantSource.system())) {
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> store.probe().toCompletableFuture().get())
                      .hasRootCauseInstanceOf(StoreException.class)
                      .hasMessageContaining(reason));
    }
  }

  @Test
  void a_rejection_by_the_server_is_fatal_and_names_tier_and_keyspace() {
    ClusterSettings local = CqlTables.settings(SharedServers.uniqueName("refused"));
    ClusterSettings elsewhere =
        local.withConsistency("LOCAL_QUORUM", "LOCAL_ONE").withReplication("no-such-dc=3");
    assertThatThrownBy(() -> CqlSchema.create(TIER, elsewhere))
        .isInstanceOfSatisfying(
            StoreException.class,
            failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.FATAL))
        .hasMessageContaining("tier 30d")
        .hasMessageContaining(local.keyspace())
        .hasMessageContaining("no-such-dc");
  }

  @Test
  void all_placeholders_are_replaced_and_only_network_topology_is_used() {
    ClusterSettings settings = ClusterSettings.singleNode("127.0.0.1", 9042, "dc1", "tier_30d");
    List<String> statements = new CqlSchema(TIER, settings).statements();
    assertThat(statements).hasSize(11).noneMatch(text -> text.contains("$"));
    assertThat(statements.get(0)).contains("'NetworkTopologyStrategy', 'dc1': 1");
  }

  @Test
  void names_that_could_break_a_statement_are_rejected() {
    for (String keyspace : List.of("", "Upper", "1st", "a b", "a;DROP", "k".repeat(49))) {
      assertThatThrownBy(() -> ClusterSettings.singleNode("h", 1, "dc1", keyspace))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("keyspace = '" + keyspace + "'");
    }
    assertThatThrownBy(() -> ClusterSettings.singleNode("h", 1, "dc'1", "ks"))
        .hasMessageContaining("datacenter = 'dc'1'");
  }
}
