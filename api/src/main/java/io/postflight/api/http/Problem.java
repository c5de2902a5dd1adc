package io.postflight.api.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.util.Map;

/**
 * Why a request was not done (RFC 9457), with what to do about it.
 *
 * @param status the HTTP status
 * @param detail what is wrong with this request, for people; tells nothing of our insides
 * @param headers that belong to the answer, such as {@code Retry-After}
 * @param members writes further members of the JSON object
 */
public record Problem(
    HttpStatus status, String detail, Map<String, String> headers, JsonBody.Writer members) {
  /** Media type of a problem. */
  public static final MediaType MEDIA_TYPE = MediaType.parse("application/problem+json");

  /** A problem without further members. */
  public Problem(HttpStatus status, String detail, Map<String, String> headers) {
    this(status, detail, headers, json -> {});
  }

  /** The same with further members. */
  public Problem with(JsonBody.Writer further) {
    return new Problem(status, detail, headers, further);
  }

  /** A problem without headers of its own. */
  public static Problem of(HttpStatus status, String detail) {
    return new Problem(status, detail, Map.of());
  }

  /** 400: the request cannot be understood. */
  public static Problem badRequest(String detail) {
    return of(HttpStatus.BAD_REQUEST, detail);
  }

  /** 404. The detail must not tell whether the thing exists for somebody else. */
  public static Problem notFound(String detail) {
    return of(HttpStatus.NOT_FOUND, detail);
  }

  /** 405, with what is allowed. */
  public static Problem methodNotAllowed(String method, String allowed) {
    return new Problem(
        HttpStatus.METHOD_NOT_ALLOWED,
        "method " + method + " is not allowed here; allowed is " + allowed,
        Map.of("allow", allowed));
  }

  /** 413: more bytes than are taken. */
  public static Problem tooLarge(long maxBytes) {
    return of(
        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
        "the body is larger than the " + maxBytes + " bytes that are taken");
  }

  /** 503: come again in a few seconds. */
  public static Problem unavailable(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail, Map.of("retry-after", "5"));
  }

  /** As an exception, to leave a chain of futures with. */
  public ProblemException asException() {
    return new ProblemException(this);
  }

  /** The response for a request with this id. */
  public AggregatedHttpResponse toResponse(String requestId) {
    ResponseHeadersBuilder builder =
        ResponseHeaders.builder(status)
            .contentType(MEDIA_TYPE)
            .set(RequestIds.HEADER, requestId)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
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
