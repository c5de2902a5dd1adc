package io.postflight.faults;

import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;

/**
 * A database that may be paused, killed and started again: started when first asked for, one per
 * test JVM. Each test leaves it running. What is not harmed are {@link SharedServers}.
 */
final class Servers {
  private Servers() {}

  static EmbeddedCassandra harmedDatabase() {
    return Holder.DATABASE;
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
