package io.postflight.api.http;

import java.time.Duration;

/**
 * What one server lets its clients hold of it. Built with {@link #builder()}, which has the
 * defaults.
 *
 * @param maxConnections open at a time; more are refused. At most half of them may be
 *     unauthenticated, at most a quarter authenticated by one tenant
 * @param maxConnectionsPerAddress open at a time from one address (of IPv6: one /64)
 * @param trustedProxies addresses that the limits per address do not hold for
 * @param maxStreams requests in progress on one connection: streams of HTTP/2, pipelined requests
 *     of HTTP/1
 * @param maxUnreadPerConnection most bytes of requests and responses that one connection may have
 *     unfinished
 * @param maxUnread the same of all connections together
 * @param maxHeaderBytes of one request
 * @param requestTimeout from a request's first bytes to its answer, waits apart
 * @param idleTimeout until a silent connection, or one that does not read its responses, is closed
 * @param shutdownTimeout how long running requests have to finish
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
   * 10,000 connections, 1,000 from an address, 100 requests at a time on each, 8 MiB unread on each
   * and 64 MiB in all, 16 KiB of headers, 15 s a request, 60 s idle, 10 s to finish.
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

  /** Collects what differs from the defaults. */
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

    /** Connections open at a time. */
    public Builder maxConnections(int number) {
      maxConnections = number;
      return this;
    }

    /** Connections open at a time from one address. */
    public Builder maxConnectionsPerAddress(int number) {
      maxConnectionsPerAddress = number;
      return this;
    }

    /** Addresses that the limits per address do not hold for. */
    public Builder trustedProxies(AddressSet addresses) {
      trustedProxies = addresses;
      return this;
    }

    /** Requests in progress on one connection. */
    public Builder maxStreams(int number) {
      maxStreams = number;
      return this;
    }

    /** Bytes that one connection may have unfinished. */
    public Builder maxUnreadPerConnection(long bytes) {
      maxUnreadPerConnection = bytes;
      return this;
    }

    /** Bytes that all connections together may have unfinished. */
    public Builder maxUnread(long bytes) {
      maxUnread = bytes;
      return this;
    }

    /** Bytes of one request's headers. */
    public Builder maxHeaderBytes(int bytes) {
      maxHeaderBytes = bytes;
      return this;
    }

    /** Time from a request's first bytes to its answer. */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = timeout;
      return this;
    }

    /** Time until a silent connection is closed. */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = timeout;
      return this;
    }

    /** Time that running requests have to finish. */
    public Builder shutdownTimeout(Duration timeout) {
      shutdownTimeout = timeout;
      return this;
    }

    /** The limits, validated. */
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
