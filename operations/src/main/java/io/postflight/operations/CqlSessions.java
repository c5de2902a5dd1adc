package io.postflight.operations;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.postflight.store.cql.ClusterSettings;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Opens sessions for schema changes and counts; the event store has its own. */
public final class CqlSessions {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private CqlSessions() {}

  /** Opens a session; waits until it is connected. */
  public static CqlSession open(ClusterSettings cluster) {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .withLocalDatacenter(cluster.datacenter())
            .withConfigLoader(
                DriverConfigLoader.programmaticBuilder()
                    .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4")
                    .withString(DefaultDriverOption.SESSION_NAME, "cli")
                    .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                    .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                    .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                    .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false)
                    // Not used, and each schema change would wait for it.
                    .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                    // A closed session has no open requests.
                    .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                    .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                    .build());
    for (String point : cluster.contactPoints()) {
      int colon = point.lastIndexOf(':');
      builder.addContactPoint(
          InetSocketAddress.createUnresolved(
              point.substring(0, colon), Integer.parseInt(point.substring(colon + 1))));
    }
    if (cluster.username() != null && cluster.password() != null) {
      builder.withAuthCredentials(cluster.username(), cluster.password());
    }
    return builder.build();
  }
}
