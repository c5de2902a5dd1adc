package io.postflight.api;

import io.postflight.api.erasure.ErasureSettings;
import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.http.HttpLimits;
import io.postflight.api.http.HttpSettings;
import io.postflight.api.http.OperatorKey;
import io.postflight.api.query.CursorSecret;
import io.postflight.api.query.QuerySettings;
import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.topic.Topics;

/**
 * Settings of one API server.
 *
 * @param http address, limits and operator key
 * @param topics names of the topics
 * @param gateway settings of the gateway
 * @param query settings of queries
 * @param erasure settings of erasure commands
 */
public record ApiSettings(
    HttpSettings http,
    Topics topics,
    GatewaySettings gateway,
    QuerySettings query,
    ErasureSettings erasure) {

  /** Default settings for an address. */
  public static ApiSettings of(String host, int port, CursorSecret cursorSecret) {
    return of(
        HttpSettings.of(host, port), GatewaySettings.DEFAULTS, QuerySettings.of(cursorSecret));
  }

  /** Settings from a configuration, with default topics and erasure settings. */
  public static ApiSettings of(HttpSettings http, GatewaySettings gateway, QuerySettings query) {
    return new ApiSettings(http, Topics.UNPREFIXED, gateway, query, ErasureSettings.DEFAULTS);
  }

  /** A copy with other topics. */
  public ApiSettings withTopics(Topics other) {
    return RecordCopy.with(this, "topics", other);
  }

  /** A copy with other gateway settings. */
  public ApiSettings withGateway(GatewaySettings other) {
    return RecordCopy.with(this, "gateway", other);
  }

  /** A copy with other query settings. */
  public ApiSettings withQuery(QuerySettings other) {
    return RecordCopy.with(this, "query", other);
  }

  /** A copy with other limits. */
  public ApiSettings withLimits(HttpLimits other) {
    return RecordCopy.with(this, "http", http.withLimits(other));
  }

  /** A copy with other erasure settings. */
  public ApiSettings withErasure(ErasureSettings other) {
    return RecordCopy.with(this, "erasure", other);
  }

  /** A copy with an operator key. */
  public ApiSettings withOperatorKey(OperatorKey other) {
    return RecordCopy.with(this, "http", http.withOperatorKey(other));
  }
}
