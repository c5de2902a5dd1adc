package io.postflight.api;

import io.postflight.api.erasure.ErasureSettings;
import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.http.HttpLimits;
import io.postflight.api.http.OperatorKey;
import io.postflight.api.http.Require;
import io.postflight.api.query.CursorSecret;
import io.postflight.api.query.QuerySettings;
import io.postflight.schema.topic.Topics;

/**
 * Settings of one API server.
 *
 * @param host address to listen on
 * @param port port to listen on; 0: any free port
 * @param topics names of the topics
 * @param gateway settings of the gateway
 * @param query settings of queries
 * @param erasure settings of erasure commands
 * @param limits limits of the server
 * @param operatorKey key for metrics and dependencies on this port
 */
public record ApiSettings(
    String host,
    int port,
    Topics topics,
    GatewaySettings gateway,
    QuerySettings query,
    ErasureSettings erasure,
    HttpLimits limits,
    OperatorKey operatorKey) {
  /** Validates. */
  public ApiSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("http.host is empty; allowed: a host name or an address");
    }
    Require.between("http.port", port, 0, 65_535);
  }

  /** Default settings for an address. */
  public static ApiSettings of(String host, int port, CursorSecret cursorSecret) {
    return new ApiSettings(
        host,
        port,
        Topics.UNPREFIXED,
        GatewaySettings.DEFAULTS,
        QuerySettings.of(cursorSecret),
        ErasureSettings.DEFAULTS,
        HttpLimits.DEFAULTS,
        OperatorKey.NONE);
  }

  /** A copy with other topics. */
  public ApiSettings withTopics(Topics other) {
    return new ApiSettings(host, port, other, gateway, query, erasure, limits, operatorKey);
  }

  /** A copy with other gateway settings. */
  public ApiSettings withGateway(GatewaySettings other) {
    return new ApiSettings(host, port, topics, other, query, erasure, limits, operatorKey);
  }

  /** A copy with other query settings. */
  public ApiSettings withQuery(QuerySettings other) {
    return new ApiSettings(host, port, topics, gateway, other, erasure, limits, operatorKey);
  }

  /** A copy with other limits. */
  public ApiSettings withLimits(HttpLimits other) {
    return new ApiSettings(host, port, topics, gateway, query, erasure, other, operatorKey);
  }

  /** A copy with other erasure settings. */
  public ApiSettings withErasure(ErasureSettings other) {
    return new ApiSettings(host, port, topics, gateway, query, other, limits, operatorKey);
  }

  /** A copy with an operator key. */
  public ApiSettings withOperatorKey(OperatorKey other) {
    return new ApiSettings(host, port, topics, gateway, query, erasure, limits, other);
  }
}
