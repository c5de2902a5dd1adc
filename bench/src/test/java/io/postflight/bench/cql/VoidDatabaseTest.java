package io.postflight.bench.cql;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.operations.CqlSessions;
import io.postflight.store.cql.ClusterSettings;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VoidDatabaseTest {
  private static final String KEYSPACE = SharedServers.uniqueName("void");

  private static VoidDatabase database;
  private static CqlSession session;
  private static CqlSession real;

  @BeforeAll
  static void connect() throws InterruptedException {
    EmbeddedCassandra server = SharedServers.cassandra();
    database = VoidDatabase.start(server.address());
    session = session(database.address().getPort());
    real = session(server.port());
    session.execute(
        "CREATE KEYSPACE "
            + KEYSPACE
            + " WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}");
    session.execute("CREATE TABLE " + KEYSPACE + ".t (id text PRIMARY KEY, n int)");
  }

  @AfterAll
  static void close() {
    session.close();
    real.close();
    database.close();
  }

  @Test
  void a_prepared_write_is_acknowledged_and_not_kept() {
    PreparedStatement insert = insert();

    for (int i = 0; i < 3_000; i++) {
      assertThat(session.execute(insert.bind("single", i)).wasApplied()).isTrue();
    }

    assertThat(isStored("single")).isFalse();
  }

  @Test
  void a_batch_is_acknowledged_and_not_kept() {
    PreparedStatement insert = insert();

    session.execute(
        BatchStatement.newInstance(
            BatchType.UNLOGGED, insert.bind("batch", 1), insert.bind("batch", 2)));

    assertThat(isStored("batch")).isFalse();
  }

  @Test
  void a_read_and_a_write_that_is_not_prepared_reach_the_real_server() {
    session.execute("INSERT INTO " + KEYSPACE + ".t (id, n) VALUES ('kept', 7)");
    PreparedStatement select = session.prepare("SELECT n FROM " + KEYSPACE + ".t WHERE id = ?");

    assertThat(session.execute(select.bind("kept")).all())
        .singleElement()
        .satisfies(row -> assertThat(row.getInt(0)).isEqualTo(7));
  }

  @Test
  void the_row_of_a_probe_is_kept() {
    session.execute(insert().bind("~canary", 1));

    assertThat(isStored("~canary")).isTrue();
  }

  private static PreparedStatement insert() {
    return session.prepare("INSERT INTO " + KEYSPACE + ".t (id, n) VALUES (?, ?)");
  }

  private static boolean isStored(String id) {
    return real.execute("SELECT n FROM " + KEYSPACE + ".t WHERE id = ?", id).one() != null;
  }

  private static CqlSession session(int port) {
    return CqlSessions.open(
        ClusterSettings.singleNode("127.0.0.1", port, EmbeddedCassandra.DATACENTER, KEYSPACE)
            .withRequestTimeout(Duration.ofSeconds(30)));
  }
}
