package io.postflight.devstack.cql;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.postflight.devstack.junit.SharedServers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three servers take much memory: not part of the default run. */
@Tag("soak")
class EmbeddedRingTest {
  @Test
  void a_quorum_survives_the_loss_of_one_node() {
    CassandraSettings template =
        CassandraSettings.of(SharedServers.newDirectory("ring"))
            .withHeapMegabytes(384)
            .withQuickStart();
    try (EmbeddedRing ring = EmbeddedRing.start(template, 3);
        CqlSession session = EmbeddedCassandraTest.session(ring.nodes().get(0))) {
      session.execute(
          "CREATE KEYSPACE ring WITH replication = {'class': 'NetworkTopologyStrategy',"
              + " 'datacenter1': 3}");
      session.execute("CREATE TABLE ring.row (id int PRIMARY KEY)");
      session.execute(quorum("INSERT INTO ring.row (id) VALUES (1)"));

      ring.nodes().get(2).kill();

      session.execute(quorum("INSERT INTO ring.row (id) VALUES (2)"));
      assertThat(session.execute(quorum("SELECT id FROM ring.row")).all()).hasSize(2);
    }
  }

  private static SimpleStatement quorum(String cql) {
    return SimpleStatement.newInstance(cql)
        .setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM)
        .setIdempotent(true);
  }
}
