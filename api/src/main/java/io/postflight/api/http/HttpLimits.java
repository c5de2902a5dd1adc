package io.postflight.api.http;

import java.time.Duration;

/**
 * Limits of one server. Created with {@link #builder()}, which has the defaults.
 *
 * @param maxConnections maximum open connections; more are closed. At most half may be
 *     unauthenticated, at most a quarter authenticated by one tenant
 * @param maxConnectionsPerAddress maximum open connections per address (IPv6: per /64)
 * @param trustedProxies addresses exempt from the limits per address
 * @param maxStreams requests in progress on one connection: streams of HTTP/2, pipelined requests
 *     of HTTP/1
 * @param maxUnreadPerConnection maximum bytes of unfinished requests and responses per connection
 * @param maxUnread the same for all connections
 * @param maxHeaderBytes maximum header bytes of a request
 * @param requestTimeout from a request's first bytes to its response, excluding waits
 * @param idleTimeout until an idle connection, or one that does not read its responses, is closed
 * @param shutdownTimeout maximum time for requests in flight at shutdown
 */
public record HttpLimits(
    int maxConnections,
    int maxConnectionsPerAddress,
    AddressSet trustedProxies,
    int maxStreams,
    long maxUnreadPerConnection,
    long maxUnread,
    int maxHeaderBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration shutdownTimeout) {
  /**
   * 10,000 connections, 1,000 per address, 100 concurrent requests and 8 MiB unread per connection,
   * 64 MiB unread in total, 16 KiB of headers, 15 s per request, 60 s idle, 10 s shutdown.
   */
  public static final HttpLimits DEFAULTS = builder().build();

  /** Validates. */
  public HttpLimits {
    Require.between("http.maxConnections", maxConnections, 1, 1_000_000);
    Require.between("http.maxConnectionsPerAddress", maxConnectionsPerAddress, 1, 1_000_000);
    Require.between("http.maxStreams", maxStreams, 1, 10_000);
    Require.between("http.maxUnreadPerConnection", maxUnreadPerConnection, 64 << 10, 1L << 40);
    Require.between("http.maxUnread", maxUnread, maxUnreadPerConnection, 1L << 40);
    Require.between("http.maxHeaderBytes", maxHeaderBytes, 1024, 1 << 20);
    Require.between(
        "http.requestTimeout", requestTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    Require.between("http.idleTimeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    Require.between("http.shutdownTimeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(10));
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds limits from the defaults. */
  public static final class Builder {
    private int maxConnections = 10_000;
    private int maxConnectionsPerAddress = 1_000;
    private AddressSet trustedProxies = AddressSet.NONE;
    private int maxStreams = 100;
    private long maxUnreadPerConnection = 8L << 20;
    private long maxUnread = 64L << 20;
    private int maxHeaderBytes = 16 << 10;
    private Duration requestTimeout = Duration.ofSeconds(15);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration shutdownTimeout = Duration.ofSeconds(10);

    private Builder() {}

    /** Sets the maximum of open connections. */
    public Builder maxConnections(int number) {
      maxConnections = number;
      return this;
    }

    /** Sets the maximum of open connections per address. */
    public Builder maxConnectionsPerAddress(int number) {
      maxConnectionsPerAddress = number;
      return this;
    }

    /** Sets the addresses exempt from limits per address. */
    public Builder trustedProxies(AddressSet addresses) {
      trustedProxies = addresses;
      return this;
    }

    /** Sets the maximum of requests in progress per connection. */
    public Builder maxStreams(int number) {
      maxStreams = number;
      return this;
    }

    /** Sets the maximum of unfinished bytes per connection. */
    public Builder maxUnreadPerConnection(long bytes) {
      maxUnreadPerConnection = bytes;
      return this;
    }

    /** Sets the maximum of unfinished bytes in total. */
    public Builder maxUnread(long bytes) {
      maxUnread = bytes;
      return this;
    }

    /** Sets the maximum of header bytes per request. */
    public Builder maxHeaderBytes(int bytes) {
      maxHeaderBytes = bytes;
      return this;
    }

    /** Sets the time from a request's first bytes to its response. */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = timeout;
      return this;
    }

    /** Sets the time until an idle connection is closed. */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = timeout;
      return this;
    }

    /** Sets the maximum shutdown time. */
    public Builder shutdownTimeout(Duration timeout) {
      shutdownTimeout = timeout;
      return this;
    }

    /** Builds the validated limits. */
    public HttpLimits build() {
      return new HttpLimits(
          maxConnections,
          maxConnectionsPerAddress,
          trustedProxies,
          maxStreams,
          maxUnreadPerConnection,
          maxUnread,
          maxHeaderBytes,
          requestTimeout,
          idleTimeout,
          shutdownTimeout);
    }
  }
}
