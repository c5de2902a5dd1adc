package io.postflight.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.operations.TestSettings;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.doctor.Finding.Level;
import io.postflight.operations.doctor.ReplicationCheck.DatacenterNodes;
import io.postflight.store.cql.ClusterSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checks of a tier's cluster, before and after faults are introduced. */
class TierChecksTest {
  @AutoClose private static CqlSession session;

  private OperationsSettings settings;
  private TierCluster cluster;

  @BeforeAll
  static void connect() {
    session = CqlSessions.open(TestSettings.of("session").tiers().get(0).cluster());
  }

  @BeforeEach
  void make() {
    settings = TestSettings.of("tier");
    cluster = clusterWith(each -> each);
    Provisioning.createSchemas(List.of(cluster.tier()), session);
  }

  @Test
  void a_created_tier_passes() {
    assertThat(levels(new SchemaCheck().findings(cluster))).containsExactly(Level.OK);
    assertThat(levels(new TablesCheck().findings(cluster))).containsExactly(Level.OK);
    assertThat(levels(new ConsistencyCheck().findings(cluster))).containsExactly(Level.OK);
    assertThat(levels(new CommitLogCheck().findings(cluster))).containsExactly(Level.OK);
    assertThat(levels(new ClockCheck(InstantSource.system()).findings(cluster)))
        .containsExactly(Level.OK);
    assertThat(new ReplicationCheck().findings(cluster))
        .singleElement()
        .matches(one -> one.level() == Level.WARN && one.detail().contains("1 replica"));
  }

  @Test
  void a_table_that_is_missing_fails_and_is_named() {
    session.execute("DROP TABLE " + cluster.keyspace() + ".message_by_time");

    failing(new SchemaCheck().findings(cluster), ".message_by_time", "schema apply --tier 30d");
  }

  @Test
  void a_column_that_is_missing_fails_and_is_named() {
    session.execute("ALTER TABLE " + cluster.keyspace() + ".message DROP redacted");

    failing(new SchemaCheck().findings(cluster), "ADD redacted", "schema apply");
  }

  @Test
  void a_table_with_another_ttl_fails() {
    alter("timeline WITH default_time_to_live = 0");

    failing(
        new TablesCheck().findings(cluster),
        "TTL is unlimited; the tier's retention is 30d",
        "apply");
  }

  @Test
  void a_ttl_of_a_table_that_does_not_expire_fails() {
    alter("identity WITH default_time_to_live = 86400");

    failing(new TablesCheck().findings(cluster), "TTL is 1d; required is unlimited", "apply");
  }

  @Test
  void more_than_fifty_windows_fail() {
    alter(
        "timeline WITH compaction = {'class': 'TimeWindowCompactionStrategy',"
            + " 'compaction_window_unit': 'HOURS', 'compaction_window_size': 6}");

    failing(new TablesCheck().findings(cluster), "120 compaction windows of 6h in 30d", "apply");
  }

  @Test
  void another_strategy_of_compaction_fails() {
    alter("message WITH compaction = {'class': 'SizeTieredCompactionStrategy'}");

    failing(new TablesCheck().findings(cluster), "SizeTieredCompactionStrategy", "apply");
  }

  @Test
  void a_gc_grace_that_differs_fails_and_one_too_short_for_repairs_warns() {
    alter("message WITH gc_grace_seconds = 60");

    failing(new TablesCheck().findings(cluster), "gc_grace is 1m; configured: 10d", "apply");
    alter("timeline WITH gc_grace_seconds = 60");
    alter("message_by_time WITH gc_grace_seconds = 60");
    alter("identity WITH gc_grace_seconds = 60");
    assertThat(
            new TablesCheck()
                .findings(clusterWith(each -> each.withGcGrace(Duration.ofSeconds(60)))))
        .hasSize(4)
        .allMatch(
            each -> each.level() == Level.WARN && each.detail().contains("restores deleted rows"));
  }

  @Test
  void more_replicas_than_nodes_fail() {
    session.execute(
        "ALTER KEYSPACE %s WITH replication = {'class': 'NetworkTopologyStrategy', '%s': 3}"
            .formatted(cluster.keyspace(), cluster.tier().cluster().datacenter()));

    List<Finding> findings = new ReplicationCheck().findings(cluster);
    failing(findings, "3 replicas on 1 nodes", "add nodes");
    failing(findings, "configured: {datacenter1=1}", "repair");
  }

  @Test
  void a_keyspace_without_datacenters_fails() {
    session.execute(
        "ALTER KEYSPACE %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
            .formatted(cluster.keyspace()));

    failing(new ReplicationCheck().findings(cluster), "SimpleStrategy", "NetworkTopologyStrategy");
  }

  @Test
  void racks_and_nodes_are_compared_with_replicas() {
    assertThat(ReplicationCheck.datacenter("t", 3, new DatacenterNodes(3, 3, 0))).isEmpty();
    assertThat(ReplicationCheck.datacenter("t", 3, new DatacenterNodes(3, 1, 0))).isEmpty();
    assertThat(ReplicationCheck.datacenter("t", 3, new DatacenterNodes(6, 2, 0)))
        .singleElement()
        .matches(one -> one.level() == Level.WARN && one.detail().contains("2 racks"));
    assertThat(ReplicationCheck.datacenter("t", 3, new DatacenterNodes(6, 1, 0)))
        .singleElement()
        .matches(one -> one.detail().contains("in one rack"));
    assertThat(ReplicationCheck.datacenter("t", 3, new DatacenterNodes(3, 3, 1)))
        .singleElement()
        .matches(one -> one.detail().contains("1 of 3 nodes are down"));
    assertThat(ReplicationCheck.datacenter("t", 2, new DatacenterNodes(3, 3, 0)))
        .singleElement()
        .matches(one -> one.detail().contains("there is no quorum"));
  }

  @Test
  void writes_acknowledged_by_one_of_several_replicas_fail() {
    session.execute(
        "ALTER KEYSPACE %s WITH replication = {'class': 'NetworkTopologyStrategy', '%s': 3}"
            .formatted(cluster.keyspace(), cluster.tier().cluster().datacenter()));

    failing(
        new ConsistencyCheck()
            .findings(clusterWith(each -> each.withConsistency("LOCAL_ONE", "LOCAL_QUORUM"))),
        "one of 3 replicas",
        "writeConsistency = LOCAL_QUORUM");
    assertThat(
            new ConsistencyCheck()
                .findings(clusterWith(each -> each.withConsistency("LOCAL_QUORUM", "LOCAL_ONE"))))
        .singleElement()
        .matches(one -> one.level() == Level.WARN && one.detail().contains("return erased ones"));
  }

  @Test
  void a_keyspace_without_a_commit_log_fails() {
    session.execute("ALTER KEYSPACE " + cluster.keyspace() + " WITH durable_writes = false");

    failing(
        new CommitLogCheck().findings(cluster), "durable_writes is off", "durable_writes = true");
  }

  @Test
  void a_periodic_commit_log_warns_unless_there_are_three_replicas() {
    Map<String, String> periodic =
        Map.of("commitlog_sync", "periodic", "commitlog_sync_period", "10000ms");

    assertThat(CommitLogCheck.finding("t", periodic, 1).level()).isEqualTo(Level.WARN);
    assertThat(CommitLogCheck.finding("t", periodic, 1).detail()).contains("10000ms");
    assertThat(CommitLogCheck.finding("t", periodic, 3).level()).isEqualTo(Level.OK);
    assertThat(CommitLogCheck.finding("t", Map.of(), 3).level()).isEqualTo(Level.WARN);
  }

  @Test
  void clocks_an_hour_apart_fail() {
    InstantSource ahead = () -> InstantSource.system().instant().plusSeconds(3_600);

    failing(new ClockCheck(ahead).findings(cluster), "ms: rows expire", "NTP");
  }

  private TierCluster clusterWith(UnaryOperator<ClusterSettings> change) {
    StorageTier tier = settings.tiers().get(0);
    return new TierCluster(new StorageTier(tier.tier(), change.apply(tier.cluster())), session);
  }

  private void alter(String what) {
    session.execute("ALTER TABLE " + cluster.keyspace() + "." + what);
  }

  private static List<Level> levels(List<Finding> findings) {
    return findings.stream().map(Finding::level).toList();
  }

  private static void failing(List<Finding> findings, String detail, String advice) {
    ListAssert<Finding> failures =
        assertThat(findings).filteredOn(each -> each.level() == Level.FAIL);
    failures.anyMatch(each -> each.detail().contains(detail) && each.advice().contains(advice));
  }
}
