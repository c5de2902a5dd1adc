package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Driver configuration for a cluster.
 *
 * <p>ScyllaDB supports protocol V4; Cassandra would negotiate V5. Reconnection intervals are short,
 * so that a recovered node is used within seconds. There are no speculative executions: writes do
 * not benefit from them, and slow reads would cause more load. The driver's warnings about
 * unavailable nodes at each connection attempt are disabled, since the caller logs them once. The
 * warning about several sessions is disabled, since each tier has one.
 */
final class SessionConfig {
  /** Execution profile of reads. */
  static final String READ = "read";

  private SessionConfig() {}

  static CqlSessionBuilder builder(String name, ClusterSettings settings) {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .withConfigLoader(loader(name, settings))
            .withLocalDatacenter(settings.datacenter());
    settings.contactPoints().forEach(point -> builder.addContactPoint(address(point)));
    if (settings.username() != null) {
      builder.withAuthCredentials(settings.username(), Objects.requireNonNull(settings.password()));
    }
    return builder;
  }

  static DriverConfigLoader loader(String name, ClusterSettings settings) {
    Duration connect = Duration.ofSeconds(5);
    return DriverConfigLoader.programmaticBuilder()
        .withString(DefaultDriverOption.SESSION_NAME, name)
        .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4")
        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, settings.requestTimeout())
        .withString(DefaultDriverOption.REQUEST_CONSISTENCY, settings.writeConsistency())
        .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, connect)
        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, connect)
        .withDuration(DefaultDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, connect)
        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, connect)
        .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(5))
        .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, Duration.ofSeconds(5))
        .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(200))
        .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(2))
        .withStringList(
            DefaultDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES, List.of(settings.keyspace()))
        .withBoolean(DefaultDriverOption.CONNECTION_WARN_INIT_ERROR, false)
        .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
        // A closed session gets no requests; by default closing takes two seconds.
        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
        .withInt(DefaultDriverOption.SESSION_LEAK_THRESHOLD, 0)
        // The driver logs them with the statement and its values: ids and contents.
        .withBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS, false)
        .startProfile(READ)
        .withString(DefaultDriverOption.REQUEST_CONSISTENCY, settings.readConsistency())
        .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true)
        .endProfile()
        .build();
  }

  private static InetSocketAddress address(String point) {
    int colon = point.lastIndexOf(':');
    return new InetSocketAddress(
        point.substring(0, colon), Integer.parseInt(point.substring(colon + 1)));
  }
}
