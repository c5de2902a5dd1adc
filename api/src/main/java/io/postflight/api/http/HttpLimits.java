package io.postflight.api.http;

import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Limits of one server; part of section {@code http}. */
public record HttpLimits(
    @Setting(
            value =
                "Maximum open connections; more are closed. At most half may be unauthenticated"
                    + " (beyond that one of the address that has the most is closed), at most a"
                    + " quarter authenticated by one tenant.",
            defaultValue = "10000",
            min = "1",
            max = "1000000")
        int maxConnections,
    @Setting(
            value = "Maximum open connections per address (IPv6: per /64); more are closed.",
            defaultValue = "1000",
            min = "1",
            max = "1000000")
        int maxConnectionsPerAddress,
    @Setting(
            value =
                "Addresses and networks of trusted proxies, such as 10.0.0.0/8, comma-separated:"
                    + " they are exempt from the limits per address and from a connection's share"
                    + " of gateway.maxBuffered. They must append their client's address to"
                    + " X-Forwarded-For: each client has an address's share of it.",
            defaultValue = "",
            none = "",
            pattern = "[0-9A-Fa-f:.]+(?:/\\d{1,3})?",
            allowed = "an address or a network, such as 192.0.2.1 or 10.0.0.0/8")
        List<String> trustedProxies,
    @Setting(
            value =
                "Maximum requests in progress per connection: streams of HTTP/2, pipelined requests"
                    + " of HTTP/1.",
            defaultValue = "100",
            min = "1",
            max = "10000")
        int maxStreams,
    @Setting(
            value =
                "Maximum bytes of requests in progress and of unread responses per connection;"
                    + " beyond it the connection is closed (of a trusted proxy: the exchange is"
                    + " rejected). A larger response is sent if it is the only one.",
            defaultValue = "8MiB",
            min = "64KiB",
            max = "64GiB")
        long maxUnreadPerConnection,
    @Setting(
            value =
                "The same for all connections, half of it for unauthenticated ones; beyond it"
                    + " connections of the tenant or unauthenticated address that holds the most are"
                    + " closed. Keep it below half of the JVM's direct memory.",
            defaultValue = "64MiB",
            min = "64KiB",
            max = "64GiB")
        long maxUnread,
    @Setting(
            value = "Maximum header bytes of a request.",
            defaultValue = "16KiB",
            min = "1KiB",
            max = "1MiB")
        int maxHeader,
    @Setting(
            value =
                "Timeout from a request's first bytes to its response, excluding requested waits.",
            defaultValue = "15s",
            min = "100ms",
            max = "10m")
        Duration requestTimeout,
    @Setting(
            value =
                "Time until an idle connection, or one that does not read its responses, is"
                    + " closed.",
            defaultValue = "60s",
            min = "1s",
            max = "1h")
        Duration idleTimeout,
    @Setting(
            value = "Maximum time for requests in flight at shutdown.",
            defaultValue = "10s",
            min = "0s",
            max = "10m")
        Duration shutdownTimeout) {
  /** The defaults of the configuration. */
  public static final HttpLimits DEFAULTS = of(Map.of());

  /** Validates. */
  public HttpLimits {
    SettingDefinition.require(
        HttpLimits.class,
        maxConnections,
        maxConnectionsPerAddress,
        trustedProxies,
        maxStreams,
        maxUnreadPerConnection,
        maxUnread,
        maxHeader,
        requestTimeout,
        idleTimeout,
        shutdownTimeout);
    trustedProxies = List.copyOf(trustedProxies);
    try {
      AddressSet unused = AddressSet.of(trustedProxies);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("http.trustedProxies: " + e.getMessage(), e);
    }
    if (maxUnread < maxUnreadPerConnection) {
      throw new IllegalArgumentException(
          "http.maxUnread is "
              + maxUnread
              + " bytes; it must be at least http.maxUnreadPerConnection, "
              + maxUnreadPerConnection);
    }
  }

  /**
   * The defaults, except for some settings.
   *
   * @param settings by key, as in the configuration
   */
  public static HttpLimits of(Map<String, String> settings) {
    return SettingsBinder.with(HttpLimits.class, settings);
  }
}
