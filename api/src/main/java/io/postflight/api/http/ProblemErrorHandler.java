package io.postflight.api.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestId;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestCancellationException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Exception;
import io.postflight.schema.log.ThrottledLog;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps every failure to a {@link Problem}. Internal errors are logged with stack trace and not
 * disclosed; ordinary problems and connection failures are counted by metrics and logged at DEBUG.
 */
public final class ProblemErrorHandler implements ServerErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemErrorHandler.class);
  private static final ThrottledLog INTERNAL_ERRORS = new ThrottledLog(LOG);

  @Override
  public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable thrown) {
    Throwable cause = Exceptions.peel(thrown);
    if (cause instanceof HttpResponseException carriesResponse) {
      return carriesResponse.httpResponse();
    }
    return problem(ctx, cause).toResponse(ctx.id().text()).toHttpResponse();
  }

  @Override
  public AggregatedHttpResponse onProtocolViolation(
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return page(headers, status, violation(status));
  }

  private static String violation(HttpStatus status) {
    if (status.equals(HttpStatus.BAD_REQUEST)) {
      return "the request is not a valid HTTP request (allowed: exactly one Host with one name, one"
          + " Content-Length, no Transfer-Encoding but chunked), or its target has a control"
          + " character or a segment '..' (the id '..' is given as parameter 'id' of /v1/message or"
          + " /v1/user)";
    }
    return status.equals(HttpStatus.EXPECTATION_FAILED)
        ? "the body is larger than allowed, or the expectation is not 100-continue"
        : "the request is too large";
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    String detail =
        status.equals(HttpStatus.NOT_FOUND)
            ? "there is no resource at this path; see /docs"
            : status.reasonPhrase();
    return ctx == null
        ? page(headers, status, detail)
        : Problem.of(status, detail).toResponse(ctx.id().text());
  }

  private static AggregatedHttpResponse page(
      @Nullable RequestHeaders headers, HttpStatus status, String detail) {
    RequestId id = headers == null ? RequestId.random() : RequestIds.of(headers);
    return Problem.of(status, detail).toResponse(id.text());
  }

  private static Problem problem(ServiceRequestContext ctx, Throwable cause) {
    if (cause instanceof Problem expected) {
      LOG.debug("request {}: {}", ctx.id().text(), expected.getMessage());
      return expected;
    }
    if (cause instanceof ContentTooLargeException tooLarge) {
      return Problem.tooLarge(tooLarge.maxContentLength());
    }
    if (cause instanceof RequestTimeoutException) {
      return Problem.unavailable("the request timed out");
    }
    if (cause instanceof ShuttingDownException) {
      return Problem.unavailable("the server is shutting down");
    }
    if (cause instanceof HttpStatusException given) {
      return Problem.of(given.httpStatus(), given.httpStatus().reasonPhrase());
    }
    if (isPeerFault(ctx, cause)) {
      LOG.debug("request {} was aborted by its sender: {}", ctx.id().text(), cause.toString());
      return Problem.badRequest("the request was aborted");
    }
    INTERNAL_ERRORS.error(
        ctx.config().route() + " " + cause.getClass().getName(),
        "request {} {} ({}) failed",
        ctx.method(),
        ctx.config().route(),
        ctx.id().text(),
        cause);
    return Problem.of(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "internal error; the log has details under the request id");
  }

  /**
   * Whether the peer ended the request: a reset stream, a closed or broken connection. Any other
   * I/O failure or cancellation is ours while the connection is open.
   */
  private static boolean isPeerFault(ServiceRequestContext ctx, Throwable cause) {
    return cause instanceof ClosedSessionException
        || cause instanceof ClosedStreamException
        || cause instanceof AbortedStreamException
        || cause instanceof CancelledSubscriptionException
        || cause instanceof RequestCancellationException
        || cause instanceof ResponseCompleteException
        || cause instanceof Http2Exception
        || ((cause instanceof CancellationException || cause instanceof IOException)
            && isClosed(ctx.log().ensureAvailable(RequestLogProperty.SESSION).channel()));
  }

  private static boolean isClosed(@Nullable Channel channel) {
    return channel != null && !channel.isActive();
  }
}
