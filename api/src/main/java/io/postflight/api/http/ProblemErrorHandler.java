package io.postflight.api.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestId;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.postflight.schema.log.ThrottledLog;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure into a {@link Problem}. A bug of ours is logged with its stack trace and not
 * told; an ordinary problem, and what a peer does to its connection, are logged at DEBUG: metrics
 * count them.
 */
public final class ProblemErrorHandler implements ServerErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemErrorHandler.class);
  private static final ThrottledLog BUGS = new ThrottledLog(LOG);

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
    return page(headers, status, "the request is no valid HTTP request, or is too large");
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
            ? "there is nothing at this address; /docs tells what there is"
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
    if (cause instanceof ProblemException expected) {
      LOG.debug("request {}: {}", ctx.id().text(), expected.getMessage());
      return expected.problem();
    }
    if (cause instanceof ContentTooLargeException tooLarge) {
      return Problem.tooLarge(tooLarge.maxContentLength());
    }
    if (cause instanceof RequestTimeoutException) {
      return Problem.unavailable("the answer took too long");
    }
    if (cause instanceof HttpStatusException given) {
      return Problem.of(given.httpStatus(), given.httpStatus().reasonPhrase());
    }
    if (isPeersFault(cause)) {
      LOG.debug("request {} was broken off by its sender: {}", ctx.id().text(), cause.toString());
      return Problem.badRequest("the request was broken off");
    }
    BUGS.error(
        ctx.config().route() + " " + cause.getClass().getName(),
        "request {} {} ({}) failed",
        ctx.method(),
        ctx.config().route(),
        ctx.id().text(),
        cause);
    return Problem.of(
        HttpStatus.INTERNAL_SERVER_ERROR, "something went wrong here; the request id finds it");
  }

  /** What ends a request from the other side: a reset stream, a closed or broken connection. */
  private static boolean isPeersFault(Throwable cause) {
    return cause instanceof ClosedSessionException
        || cause instanceof ClosedStreamException
        || cause instanceof AbortedStreamException
        || cause instanceof CancelledSubscriptionException
        || cause instanceof CancellationException
        || cause instanceof Http2Exception
        || cause instanceof IOException
        || Exceptions.isExpected(cause);
  }
}
