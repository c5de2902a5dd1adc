package io.postflight.api;

import io.postflight.api.http.Require;
import java.time.Duration;

/**
 * What one server bears.
 *
 * @param maxConnections open at a time; more are refused
 * @param maxHeaderBytes of one request
 * @param requestTimeout from a request's first bytes to its answer, waits apart
 * @param idleTimeout until a silent connection is closed
 * @param shutdownTimeout how long running requests have to finish
 */
public record HttpLimits(
    int maxConnections,
    int maxHeaderBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration shutdownTimeout) {
  /** 10,000 connections, 16 KiB of headers, 15 s a request, 60 s idle, 10 s to finish. */
  public static final HttpLimits DEFAULTS =
      new HttpLimits(
          10_000, 16 << 10, Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(10));

  /** Validates. */
  public HttpLimits {
    Require.between("http.maxConnections", maxConnections, 1, 1_000_000);
    Require.between("http.maxHeaderBytes", maxHeaderBytes, 1024, 1 << 20);
    Require.between(
        "http.requestTimeout", requestTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    Require.between("http.idleTimeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    Require.between("http.shutdownTimeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(10));
  }
}
