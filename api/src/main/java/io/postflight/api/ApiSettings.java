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
 * @param port port to listen on; 0: any that is free
 * @param topics names of the topics
 * @param gateway how webhooks are taken in
 * @param query how queries are answered
 * @param erasure how privacy commands are carried out
 * @param limits what the server bears
 * @param operatorKey who is shown metrics and dependencies on this port
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
      throw new IllegalArgumentException("http.host is empty; a name or an address is needed");
    }
    Require.between("http.port", port, 0, 65_535);
  }

  /** The defaults on an address. */
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

  /** The same with other topics. */
  public ApiSettings withTopics(Topics other) {
    return new ApiSettings(host, port, other, gateway, query, erasure, limits, operatorKey);
  }

  /** The same with another way of taking webhooks in. */
  public ApiSettings withGateway(GatewaySettings other) {
    return new ApiSettings(host, port, topics, other, query, erasure, limits, operatorKey);
  }

  /** The same with another way of answering queries. */
  public ApiSettings withQuery(QuerySettings other) {
    return new ApiSettings(host, port, topics, gateway, other, erasure, limits, operatorKey);
  }

  /** The same with other limits. */
  public ApiSettings withLimits(HttpLimits other) {
    return new ApiSettings(host, port, topics, gateway, query, erasure, other, operatorKey);
  }

  /** The same with another way of carrying out privacy commands. */
  public ApiSettings withErasure(ErasureSettings other) {
    return new ApiSettings(host, port, topics, gateway, query, other, limits, operatorKey);
  }

  /** The same with an operator's key. */
  public ApiSettings withOperatorKey(OperatorKey other) {
    return new ApiSettings(host, port, topics, gateway, query, erasure, limits, other);
  }
}
