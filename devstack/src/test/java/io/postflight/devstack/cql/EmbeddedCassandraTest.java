package io.postflight.devstack.cql;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.postflight.devstack.junit.SharedServers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EmbeddedCassandraTest {
  @Test
  void an_acknowledged_row_survives_kill_and_the_node_keeps_its_port() {
    try (EmbeddedCassandra cassandra =
        EmbeddedCassandra.start(SharedServers.newDirectory("killed"))) {
      int port = cassandra.port();
      try (CqlSession session = session(cassandra)) {
        session.execute(
            "CREATE KEYSPACE kept WITH replication = {'class': 'NetworkTopologyStrategy',"
                + " 'datacenter1': 1}");
        session.execute("CREATE TABLE kept.row (id int PRIMARY KEY, value text)");
        for (int id = 0; id < 100; id++) {
          session.execute("INSERT INTO kept.row (id, value) VALUES (" + id + ", 'v')");
        }
        cassandra.kill();
      }
      assertThat(cassandra.running()).isFalse();

      cassandra.restart();

      assertThat(cassandra.port()).isEqualTo(port);
      try (CqlSession session = session(cassandra)) {
        assertThat(session.execute("SELECT id FROM kept.row").all()).hasSize(100);
      }
    }
  }

  static CqlSession session(EmbeddedCassandra cassandra) {
    return CqlSession.builder()
        .addContactPoint(cassandra.address())
        .withLocalDatacenter(cassandra.datacenter())
        .withConfigLoader(
            DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4")
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .withDuration(
                    DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(20))
                .build())
        .build();
  }
}
