package io.postflight.faults;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.operations.CqlSessions;
import io.postflight.store.cql.ClusterSettings;
import java.time.Duration;

/**
 * Databases for fault injection: each started on first use, one per test JVM. Each test leaves it
 * running and healthy. Servers without faults are {@link SharedServers}.
 */
final class Servers {
  /** Name and password of an ordinary user of {@link #databaseWithUsers()}. */
  static final String USER = "app";

  private Servers() {}

  /** May be paused, killed and started again. */
  static EmbeddedCassandra faultyDatabase() {
    return Holder.DATABASE;
  }

  /** Has users, one of whom may create keyspaces; not to be killed. */
  static EmbeddedCassandra databaseWithUsers() {
    return UsersHolder.DATABASE;
  }

  /** A session of the superuser. */
  static CqlSession superuser(EmbeddedCassandra database) {
    return CqlSessions.open(
        ClusterSettings.singleNode(
                database.host(), database.port(), database.datacenter(), "system")
            .withCredentials("cassandra", "cassandra"));
  }

  /**
   * Not in the holder: another thread does it, and would await the holder's class initialization.
   */
  private static void createUser(EmbeddedCassandra server) {
    // The superuser is created seconds after the server is up.
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              try (CqlSession superuser = superuser(server)) {
                superuser.execute(
                    "CREATE ROLE IF NOT EXISTS %s WITH PASSWORD = '%s' AND LOGIN = true"
                        .formatted(USER, USER));
                superuser.execute("GRANT CREATE ON ALL KEYSPACES TO " + USER);
              }
            });
  }

  private static final class UsersHolder {
    static final EmbeddedCassandra DATABASE = start();

    private static EmbeddedCassandra start() {
      EmbeddedCassandra server =
          EmbeddedCassandra.start(
              CassandraSettings.of(SharedServers.newDirectory("users"))
                  .withoutRestart()
                  .withUsers());
      Runtime.getRuntime().addShutdownHook(new Thread(server::kill, "kill-database-with-users"));
      createUser(server);
      return server;
    }
  }

  private static final class Holder {
    static final EmbeddedCassandra DATABASE = start();

    private static EmbeddedCassandra start() {
      EmbeddedCassandra server =
          EmbeddedCassandra.start(
              CassandraSettings.of(SharedServers.newDirectory("harmed")).withQuickStart());
      Runtime.getRuntime().addShutdownHook(new Thread(server::kill, "kill-harmed-database"));
      return server;
    }
  }
}
