package io.postflight.api.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.util.Map;

/**
 * A problem (RFC 9457): why a request failed and how to fix it. Has no stack trace, since it is not
 * an internal error.
 */
public final class Problem extends RuntimeException {
  /** Media type of a problem. */
  public static final MediaType MEDIA_TYPE = MediaType.parse("application/problem+json");

  private static final long serialVersionUID = 1L;

  private final transient HttpStatus status;
  private final String detail;
  private final transient Map<String, String> headers;
  private final transient JsonBody.Writer members;

  private Problem(
      HttpStatus status, String detail, Map<String, String> headers, JsonBody.Writer members) {
    super(status + ": " + detail, null, false, false);
    this.status = status;
    this.detail = detail;
    this.headers = headers;
    this.members = members;
  }

  /**
   * Creates a problem.
   *
   * @param detail human-readable; contains no internals
   * @param headers response headers, such as {@code Retry-After}
   */
  public static Problem of(HttpStatus status, String detail, Map<String, String> headers) {
    return new Problem(status, detail, headers, json -> {});
  }

  /** Creates a problem without headers. */
  public static Problem of(HttpStatus status, String detail) {
    return of(status, detail, Map.of());
  }

  /** 400: the request is invalid. */
  public static Problem badRequest(String detail) {
    return of(HttpStatus.BAD_REQUEST, detail);
  }

  /** 404. The detail must not disclose whether the resource exists for another tenant. */
  public static Problem notFound(String detail) {
    return of(HttpStatus.NOT_FOUND, detail);
  }

  /** 405, with the allowed methods. */
  public static Problem methodNotAllowed(String method, String allowed) {
    return of(
        HttpStatus.METHOD_NOT_ALLOWED,
        "method " + method + " is not allowed; allowed: " + allowed,
        Map.of("allow", allowed));
  }

  /** 413: the body exceeds the maximum size. */
  public static Problem tooLarge(long maxBytes) {
    return of(
        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
        "the body exceeds the maximum of " + maxBytes + " bytes");
  }

  /** 503: retry in a few seconds. */
  public static Problem unavailable(String detail) {
    return of(HttpStatus.SERVICE_UNAVAILABLE, detail, Map.of("retry-after", "5"));
  }

  /** A copy with extension members. */
  public Problem with(JsonBody.Writer further) {
    return new Problem(status, detail, headers, further);
  }

  /** The HTTP status. */
  public HttpStatus status() {
    return status;
  }

  /** Human-readable. */
  public String detail() {
    return detail;
  }

  /** The response to a request with this id. */
  public AggregatedHttpResponse toResponse(String requestId) {
    ResponseHeadersBuilder builder =
        JsonBody.headers(status)
            .contentType(MEDIA_TYPE)
            .set(RequestIds.HEADER, requestId)
            .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
    headers.forEach(builder::set);
    byte[] body =
        JsonBody.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("type", "about:blank");
              json.writeStringField("title", status.reasonPhrase());
              json.writeNumberField("status", status.code());
              json.writeStringField("detail", detail);
              json.writeStringField("requestId", requestId);
              members.write(json);
              json.writeEndObject();
            });
    return AggregatedHttpResponse.of(builder.build(), HttpData.wrap(body));
  }
}
