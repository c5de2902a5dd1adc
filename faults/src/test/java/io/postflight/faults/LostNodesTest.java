package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.cql.EmbeddedRing;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.operations.CqlSessions;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.sink.TierSink;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: in a cluster of three nodes with three replicas and LOCAL_QUORUM the loss of one node
 * has no effect; the loss of two stops the tier, which commits nothing meanwhile and resumes by
 * itself once two nodes are available.
 *
 * <p>Fault: SIGKILL of one node under load; then SIGSTOP and SIGCONT of a second one.
 *
 * <p>Checked: with one node lost no write fails permanently and the sink keeps storing records;
 * with two lost the committed offsets do not advance; in the end every event is stored once, read
 * at LOCAL_QUORUM from the two nodes, and no commit was above what was stored.
 */
class LostNodesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final int MESSAGES = 1_500;
  private static final double PER_SECOND = 40;

  /** Maximum time without any record stored while one node is lost. */
  private static final long STALL_MILLIS = 3_000;

  @Test
  void one_lost_node_has_no_effect_and_two_stop_the_tier_until_they_are_back() throws Exception {
    CassandraSettings template =
        CassandraSettings.of(SharedServers.newDirectory("ring"))
            .withHeapMegabytes(384)
            .withQuickStart();
    try (EmbeddedRing ring = EmbeddedRing.start(template, 3);
        AutoCloseable end = ring::kill;
        FaultRun run = FaultRun.of("one node of three lost (RF 3, LOCAL_QUORUM), then two");
        FaultDeployment deployment =
            new FaultDeployment(
                "ring",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                FixedTenants.of(FaultDeployment.tenant("acme", new TierPeriod("30d", 0L))),
                List.of(new FaultDeployment.Place(TIER, prepared(ring, 3))));
        Load load = Load.of(deployment, 4, MESSAGES)) {
      deployment.startAll();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      load.startAt(PER_SECOND);
      GroupCommitOracle oracle = deployment.oracle();
      await().atMost(TIMEOUT).until(() -> oracle.records() > 100);

      oneLost(ring.nodes().get(2), deployment, run);
      twoLost(ring.nodes().get(1), deployment, run);

      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.settle(deployment, load);
    }
  }

  /**
   * With one replica the loss of a node affects only its rows: the others are written at the same
   * rate, and other tiers are not affected, until the node is back.
   */
  @Test
  @Tag("soak")
  void with_one_replica_only_the_rows_of_a_lost_node_are_delayed() throws Exception {
    CassandraSettings template =
        CassandraSettings.of(SharedServers.newDirectory("ring1"))
            .withHeapMegabytes(384)
            .withQuickStart();
    try (EmbeddedRing ring = EmbeddedRing.start(template, 3);
        AutoCloseable end = ring::kill;
        FaultRun run = FaultRun.of("one node of three lost (RF 1)");
        FaultDeployment deployment =
            new FaultDeployment(
                "ring1",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                FixedTenants.of(
                    FaultDeployment.tenant("acme", new TierPeriod("30d", 0L)),
                    FaultDeployment.tenant("globex", new TierPeriod("15d", 0L))),
                List.of(
                    new FaultDeployment.Place(TIER, prepared(ring, 1)),
                    FaultDeployment.Place.on(SharedServers.cassandra(), 15)));
        Load load = Load.of(deployment, 5, 12_000, List.of("acme", "globex"))) {
      deployment.startAll();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      load.startAt(2 * PER_SECOND);
      GroupCommitOracle oracle = deployment.oracle("30d");
      GroupCommitOracle other = deployment.oracle("15d");
      await().atMost(TIMEOUT).until(() -> oracle.records() > 200);
      long rowsBefore = oracle.rowsIn(Duration.ofSeconds(10));
      long otherBefore = other.rowsIn(Duration.ofSeconds(10));

      EmbeddedCassandra node = ring.nodes().get(2);
      node.kill();
      // The driver and the ring need some seconds to detect it.
      await().pollDelay(Duration.ofSeconds(10)).atMost(TIMEOUT).until(() -> true);
      long rows = oracle.rowsIn(Duration.ofSeconds(10));
      long others = other.rowsIn(Duration.ofSeconds(10));
      run.note("rowsIn10sBefore", rowsBefore);
      run.note("rowsIn10sWithOneLost", rows);
      assertThat(rows).isGreaterThan((long) (0.8 * 2 / 3 * rowsBefore));
      assertThat(others).isGreaterThan((long) (0.8 * otherBefore));
      assertThat(deployment.failures()).isEmpty();

      node.restart();
      long back = System.nanoTime();
      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));
      run.settle(deployment, load);
    }
  }

  private static void oneLost(EmbeddedCassandra node, FaultDeployment deployment, FaultRun run) {
    TierSink sink = deployment.sinks().get(0);
    GroupCommitOracle oracle = deployment.oracle();
    long before = oracle.failures();
    long from = System.currentTimeMillis();
    node.kill();
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(TIMEOUT)
        .until(
            () -> {
              assertThat(sink.running()).as("accepts records").isTrue();
              return System.currentTimeMillis() > from + 6_000;
            });
    long[] stored = oracle.storedAt(from, from + 6_000);
    assertThat(longestGap(from, stored)).as("ms without a record stored").isLessThan(STALL_MILLIS);
    assertThat(oracle.failures()).as("writes that failed").isEqualTo(before);
    run.note("longestGapWithOneLostMillis", longestGap(from, stored));
  }

  private static void twoLost(EmbeddedCassandra node, FaultDeployment deployment, FaultRun run)
      throws Exception {
    TierSink sink = deployment.sinks().get(0);
    node.pause();
    try {
      await().atMost(TIMEOUT).until(() -> !sink.running());
      Map<TopicPartition, Long> committed = committed(deployment);
      await()
          .pollDelay(Duration.ofSeconds(5))
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(committed(deployment)).isEqualTo(committed));
    } finally {
      node.resume();
    }
    long back = System.nanoTime();
    await()
        .atMost(TIMEOUT)
        .until(() -> sink.running() && sink.status().lagRecords() < PER_SECOND / 2);
    run.recovered(Duration.ofNanos(System.nanoTime() - back));
  }

  private static Map<TopicPartition, Long> committed(FaultDeployment deployment) throws Exception {
    return deployment.kafka().committed(deployment.group("30d"));
  }

  private static long longestGap(long from, long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    long longest = sorted.length == 0 ? Long.MAX_VALUE : sorted[0] - from;
    for (int i = 1; i < sorted.length; i++) {
      longest = Math.max(longest, sorted[i] - sorted[i - 1]);
    }
    return longest;
  }

  /**
   * Creates the tables and waits until each node has them. New nodes may not know each other yet,
   * so that a change reaches only one of them.
   */
  private static ClusterSettings prepared(EmbeddedRing ring, int copies) {
    ClusterSettings cluster = cluster(ring, copies);
    awaitOnEach(ring, "SELECT schema_version FROM system.peers_v2", ring.nodes().size() - 1);
    CqlSchema.create(TIER, cluster);
    awaitOnEach(
        ring,
        "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '"
            + cluster.keyspace()
            + "'",
        Table.values().length);
    return cluster;
  }

  /** Waits until a query returns the given number of rows with a value, on each node. */
  private static void awaitOnEach(EmbeddedRing ring, String query, int rows) {
    for (EmbeddedCassandra node : ring.nodes()) {
      ClusterSettings alone =
          ClusterSettings.singleNode(node.host(), node.port(), node.datacenter(), "system");
      try (CqlSession session = CqlSessions.open(alone)) {
        Node asked =
            session.getMetadata().getNodes().values().stream()
                .filter(each -> each.getEndPoint().asMetricPrefix().startsWith(metric(node)))
                .findFirst()
                .orElseThrow();
        await()
            .atMost(TIMEOUT)
            .until(
                () ->
                    session
                        .execute(SimpleStatement.newInstance(query).setNode(asked))
                        .all()
                        .stream()
                        .filter(row -> !row.isNull(0))
                        .count(),
                count -> count == rows);
      }
    }
  }

  private static String metric(EmbeddedCassandra node) {
    return node.host().replace('.', '_') + ':' + node.port();
  }

  private static ClusterSettings cluster(EmbeddedRing ring, int copies) {
    EmbeddedCassandra any = ring.nodes().get(0);
    return ClusterSettings.singleNode(
            any.host(), any.port(), any.datacenter(), SharedServers.uniqueName("faults_ring"))
        .withContactPoints(
            ring.nodes().stream().map(node -> node.host() + ':' + node.port()).toList())
        .withReplication(Integer.toString(copies))
        .withRequestTimeout(FaultDeployment.REQUEST_TIMEOUT);
  }
}
