package io.postflight.api.http;

import io.postflight.schema.metrics.DeclaredMetric;
import io.postflight.schema.metrics.MetricDefinition;
import java.time.Duration;

/** The metrics of the HTTP servers: gateway, queries, connections. */
public enum ApiMetric implements DeclaredMetric {
  /** Webhooks by outcome. */
  WEBHOOKS(
      MetricDefinition.counter("postflight.webhooks", "Webhooks received, by outcome")
          .tag("provider")
          .tag(
              "outcome",
              "accepted",
              "verified",
              "verification_refused",
              "unauthorized",
              "too_large",
              "unavailable",
              "refused",
              "aborted",
              "unknown_address",
              "subscription_pending",
              "subscription_confirmed",
              "subscription_failed")),
  /** Bytes of webhooks in progress. */
  BUFFERED_BYTES(
      MetricDefinition.gauge(
              "postflight.gateway.buffered.bytes",
              "Bytes of webhooks that have been read and are not answered yet")
          .unit("bytes")),
  /** Reads of the store. */
  READS(
      MetricDefinition.counter(
              "postflight.reads",
              "Reads requested; a coalesced one shared the result of an equal read in progress")
          .tag("query")
          .tag("coalesced", "true", "false")),
  /** Duration of reads. */
  READ_TIME(
      MetricDefinition.timer("postflight.read", "Time that reads of the store took").tag("query")),
  /** Open connections. */
  CONNECTIONS(
      MetricDefinition.gauge("postflight.http.connections", "Open connections")
          .tag("server", "api", "status")),
  /** Connections closed by the server. */
  CONNECTIONS_CLOSED(
      MetricDefinition.counter(
              "postflight.http.connections.closed",
              "Connections that the server refused or closed because of a limit, by reason")
          .tag("server", "api", "status")
          .tag(
              "reason",
              "address_limit",
              "unauthenticated_limit",
              "evicted",
              "requests",
              "unread",
              "unread_of_address",
              "unread_of_tenant",
              "unread_unauthenticated",
              "unread_in_all",
              "stalled",
              "control_frames",
              "frames",
              "resets")),
  /** Bytes held for connections. */
  UNREAD_BYTES(
      MetricDefinition.gauge(
              "postflight.http.unread.bytes",
              "Bytes of requests in progress and of responses that clients have not read yet")
          .unit("bytes")
          .tag("server", "api", "status")),
  /** Requests by result. */
  HTTP_REQUESTS(
      ofRequests(
              MetricDefinition.counter("postflight.http.requests", "Requests completed, by result"))
          .tag("http.status")
          .tag("result", "success", "failure")),
  /** Requests in progress. */
  HTTP_ACTIVE_REQUESTS(
      ofRequests(
          MetricDefinition.gauge("postflight.http.active.requests", "Requests in progress"))),
  /** Requests that timed out. */
  HTTP_TIMEOUTS(
      ofRequests(MetricDefinition.counter("postflight.http.timeouts", "Requests that timed out"))
          .tag("http.status")
          .tag("cause", "RequestTimeoutException")),
  /** Time to receive requests. */
  HTTP_REQUEST_DURATION(
      ofRequests(
              MetricDefinition.timer(
                  "postflight.http.request.duration",
                  "Time from the first to the last byte of a request"))
          .tag("http.status")),
  /** Size of requests. */
  HTTP_REQUEST_LENGTH(
      ofRequests(
              MetricDefinition.summary(
                  "postflight.http.request.length", "Size of request bodies, in bytes"))
          .tag("http.status")),
  /** Time to send responses. */
  HTTP_RESPONSE_DURATION(
      ofRequests(
              MetricDefinition.timer(
                  "postflight.http.response.duration",
                  "Time from the first to the last byte of a response"))
          .tag("http.status")),
  /** Size of responses. */
  HTTP_RESPONSE_LENGTH(
      ofRequests(
              MetricDefinition.summary(
                  "postflight.http.response.length", "Size of response bodies, in bytes"))
          .tag("http.status")),
  /** Time from request to response. */
  HTTP_TOTAL_DURATION(
      ofRequests(
              MetricDefinition.timer(
                      "postflight.http.total.duration",
                      "Time from the first byte of a request to the last byte of its response")
                  .histogram(Duration.ofMillis(1), Duration.ofSeconds(20)))
          .tag("http.status"));

  @SuppressWarnings("ImmutableEnumChecker") // a record of values, whose lists are copies
  private final MetricDefinition definition;

  ApiMetric(MetricDefinition definition) {
    this.definition = definition;
  }

  @Override
  public MetricDefinition definition() {
    return definition;
  }

  private static MetricDefinition ofRequests(MetricDefinition definition) {
    return definition.tag("service").tag("method").tag("hostname.pattern");
  }
}
