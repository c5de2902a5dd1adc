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
import io.postflight.store.cql.BatchLimits;
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
 * Guarantee: in a cluster of three nodes with three copies and LOCAL_QUORUM the loss of one node is
 * not noticed; the loss of two stops the tier, which commits nothing meanwhile and goes on by
 * itself once two nodes are there again.
 *
 * <p>Fault: SIGKILL of one node under load; then SIGSTOP of a second one; then the second goes on.
 *
 * <p>Checked: with one node gone no write fails for good, the sink never stands still, and records
 * are stored all the time; with two gone the committed offsets do not move; in the end every event
 * is stored once, read at LOCAL_QUORUM from the two nodes, and no commit ever lay above what was
 * stored.
 */
class LostNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final int LIVES = 1_500;
  private static final double PER_SECOND = 40;

  /** Longest time without any record stored while one node is gone. */
  private static final long STALL_MILLIS = 3_000;

  @Test
  void one_lost_node_is_not_noticed_and_two_stop_the_tier_until_they_are_back() throws Exception {
    CassandraSettings template =
        CassandraSettings.of(SharedServers.newDirectory("ring"))
            .withHeapMegabytes(384)
            .withQuickStart();
    try (EmbeddedRing ring = EmbeddedRing.start(template, 3);
        FaultRun run = FaultRun.of("one node of three lost (RF 3, LOCAL_QUORUM), then two");
        FaultDeployment deployment =
            new FaultDeployment(
                "ring",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                FixedTenants.of(FaultDeployment.tenant("acme", new TierPeriod("30d", 0L))),
                List.of(new FaultDeployment.Place(TIER, prepared(ring, 3))));
        Load load = Load.of(deployment, 4, LIVES)) {
      deployment.startAll();
      await().atMost(PATIENCE).until(deployment::atWork);
      load.startAt(PER_SECOND);
      CommitOracle oracle = deployment.oracle();
      await().atMost(PATIENCE).until(() -> oracle.records() > 100);

      oneLost(ring.nodes().get(2), deployment, run);
      twoLost(ring.nodes().get(1), deployment, run);

      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.settle(deployment, load);
    }
  }

  /**
   * With one copy the loss of a node is a loss for its rows alone: the others are written at the
   * same rate, and another tier does not notice, until the node is back and all is.
   */
  @Test
  @Tag("soak")
  void with_one_copy_only_the_rows_of_a_lost_node_wait() throws Exception {
    CassandraSettings template =
        CassandraSettings.of(SharedServers.newDirectory("ring1"))
            .withHeapMegabytes(384)
            .withQuickStart();
    try (EmbeddedRing ring = EmbeddedRing.start(template, 3);
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
      await().atMost(PATIENCE).until(deployment::atWork);
      load.startAt(2 * PER_SECOND);
      CommitOracle oracle = deployment.oracle("30d");
      CommitOracle other = deployment.oracle("15d");
      await().atMost(PATIENCE).until(() -> oracle.records() > 200);
      long rowsBefore = oracle.rowsIn(Duration.ofSeconds(10));
      long otherBefore = other.rowsIn(Duration.ofSeconds(10));

      EmbeddedCassandra node = ring.nodes().get(2);
      node.kill();
      // The driver and the ring need some seconds until they know.
      await().pollDelay(Duration.ofSeconds(10)).atMost(PATIENCE).until(() -> true);
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
    CommitOracle oracle = deployment.oracle();
    long before = oracle.failures();
    long from = System.currentTimeMillis();
    node.kill();
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(PATIENCE)
        .until(
            () -> {
              assertThat(sink.running()).as("takes records in").isTrue();
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
      await().atMost(PATIENCE).until(() -> !sink.running());
      Map<TopicPartition, Long> committed = committed(deployment);
      await()
          .pollDelay(Duration.ofSeconds(5))
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(committed(deployment)).isEqualTo(committed));
    } finally {
      node.resume();
    }
    long back = System.nanoTime();
    await()
        .atMost(PATIENCE)
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
   * Makes the tables and waits until each node has them. Nodes of seconds ago may not know each
   * other yet, so that a change reaches one of them alone.
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

  /** Until a query answers so many rows with a value, on each node by itself. */
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
            .atMost(PATIENCE)
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
    return new ClusterSettings(
        ring.nodes().stream().map(node -> node.host() + ':' + node.port()).toList(),
        any.datacenter(),
        SharedServers.uniqueName("faults_ring"),
        null,
        null,
        "LOCAL_QUORUM",
        "LOCAL_QUORUM",
        Map.of(any.datacenter(), copies),
        Duration.ofDays(10),
        FaultDeployment.REQUEST_TIMEOUT,
        BatchLimits.DEFAULT);
  }
}
