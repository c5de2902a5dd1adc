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
 * How the driver is set up for a cluster.
 *
 * <p>Protocol V4 is what ScyllaDB speaks; Cassandra would negotiate V5. Reconnection is quick: a
 * server that is back should be in use within seconds. There are no speculative executions: writes
 * gain nothing from them, and of slow reads they make more load. A node that is away is told of
 * once by whoever waits for it, not by the driver at each attempt to connect. Several sessions are
 * no leak: each tier has its own.
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

  private static DriverConfigLoader loader(String name, ClusterSettings settings) {
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
        // Nothing is asked of a session that is closed; by default each closing takes two seconds.
        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
        .withInt(DefaultDriverOption.SESSION_LEAK_THRESHOLD, 0)
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
