package io.postflight.devstack.cql;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.devstack.junit.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Nodes whose process, or whose parent, was killed. */
class KilledCassandraTest {
  @Test
  void an_acknowledged_row_survives_kill_and_a_successor_that_ends_an_orphan() {
    CassandraSettings settings =
        CassandraSettings.of(SharedServers.newDirectory("killed")).withQuickStart();
    try (EmbeddedCassandra cassandra = EmbeddedCassandra.start(settings)) {
      int port = cassandra.port();
      try (CqlSession session = EmbeddedCassandraTest.session(cassandra)) {
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
      // As after the death of the process that started it: the server is an orphan.
      cassandra.pause();
      try (EmbeddedCassandra successor = EmbeddedCassandra.start(settings)) {
        assertThat(cassandra.running()).isFalse();
        try (CqlSession session = EmbeddedCassandraTest.session(successor)) {
          assertThat(session.execute("SELECT id FROM kept.row").all()).hasSize(100);
        }
      }
    }
  }

  @Test
  void a_node_that_is_killed_before_it_logs_anything_is_started_again() throws Exception {
    Path directory = SharedServers.newDirectory("strangled");
    CompletableFuture<EmbeddedCassandra> starting =
        CompletableFuture.supplyAsync(
            () -> EmbeddedCassandra.start(CassandraSettings.of(directory).withQuickStart()));
    ProcessHandle first = firstProcess(directory.resolve("cassandra.pid"));
    first.destroyForcibly();

    try (EmbeddedCassandra cassandra = starting.get(60, TimeUnit.SECONDS)) {
      assertThat(cassandra.pid()).isNotEqualTo(first.pid());
      assertThat(ReadyProbe.answers(cassandra.address())).isTrue();
    }
  }

  private static ProcessHandle firstProcess(Path processId) {
    String id =
        Awaitility.await()
            .pollInterval(Duration.ofMillis(1))
            .until(
                () -> Files.exists(processId) ? Files.readString(processId) : "",
                written -> !written.isEmpty());
    return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
  }
}
