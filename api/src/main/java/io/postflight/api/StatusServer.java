package io.postflight.api;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.prometheus.PrometheusExpositionService;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postflight.api.http.Connections;
import io.postflight.api.http.Dependency;
import io.postflight.api.http.HttpLimits;
import io.postflight.api.http.Problem;
import io.postflight.api.http.Readiness;
import io.postflight.api.http.ServerEventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health and metrics of a process on a separate port for operators, without authentication.
 *
 * <p>On a loopback address it responds only to requests for an address, {@code localhost} or the
 * configured host: a page in a browser of this machine may have its own name resolved to a loopback
 * address (DNS rebinding), and could read the responses.
 */
public final class StatusServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);

  private static final HttpLimits LIMITS =
      HttpLimits.of(
          Map.of(
              "maxConnections", "100",
              "maxStreams", "10",
              "maxUnread", "16MiB",
              "shutdownTimeout", "1s"));

  /** No endpoint accepts a body. */
  private static final long MAX_BODY_BYTES = 1024;

  private final Server server;
  private final Readiness readiness;
  private final Connections connections;

  private StatusServer(Server server, Readiness readiness, Connections connections) {
    this.server = server;
    this.connections = connections;
    this.readiness = readiness;
  }

  /**
   * Starts a server; returns once it is listening.
   *
   * @param port to listen on; 0: any free port
   * @param dependencies dependencies in {@code /health/status}; the necessary ones determine {@code
   *     /health/ready}
   * @throws ListenException if it cannot listen on its address
   */
  public static StatusServer start(
      String host, int port, List<Dependency> dependencies, PrometheusMeterRegistry registry) {
    Readiness readiness = new Readiness(dependencies);
    Connections connections = new Connections("status", LIMITS, registry, System::nanoTime);
    ServerBuilder builder = Server.builder();
    InetSocketAddress listening = new InetSocketAddress(host, port);
    if (!listening.isUnresolved() && listening.getAddress().isLoopbackAddress()) {
      // Of a request without a host, which no browser sends.
      builder.defaultHostname("localhost");
      builder.decorator(
          (delegate, ctx, request) -> {
            requireOwnName(host, request.authority());
            return delegate.serve(ctx, request);
          });
    }
    ApiServer.edge(builder, LIMITS, MAX_BODY_BYTES, connections);
    Server server =
        builder
            .http(listening)
            // Separate, so that it responds while the event loops of the public port are busy.
            .workerGroup(ServerEventLoop.of("postflight-status"), true)
            .service("/health/live", (ctx, request) -> HttpResponse.ofJson(Map.of("live", true)))
            .service("/health/ready", readiness)
            .service("/health/status", readiness.status())
            .service("/metrics", PrometheusExpositionService.of(registry.getPrometheusRegistry()))
            .build();
    try {
      server.start().join();
    } catch (RuntimeException failure) {
      connections.close();
      throw new ListenException("http.statusHost " + host + ", http.statusPort " + port, failure);
    }
    LOG.info("health and metrics on {}:{}", host, server.activeLocalPort());
    return new StatusServer(server, readiness, connections);
  }

  private static void requireOwnName(String host, String requested) {
    if (!isOwnName(host, requested)) {
      throw Problem.of(
          HttpStatus.MISDIRECTED_REQUEST,
          "the request is for another host; allowed: an address, localhost, http.statusHost");
    }
  }

  private static boolean isOwnName(String host, String requested) {
    try {
      Endpoint endpoint = Endpoint.parse(requested);
      return endpoint.isIpAddrOnly()
          || endpoint.host().equals("localhost")
          || endpoint.host().equalsIgnoreCase(host);
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** The port it is listening on. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Stops. */
  @Override
  public void close() {
    readiness.stop();
    server.stop().join();
    connections.close();
  }
}
