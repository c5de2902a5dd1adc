package io.postflight.api.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestId;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever goes wrong into a {@link Problem}; a bug of ours is logged and not told. */
public final class ErrorPages implements ServerErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorPages.class);

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
    LOG.error(
        "request {} {} ({}) failed", ctx.method(), ctx.config().route(), ctx.id().text(), cause);
    return Problem.of(
        HttpStatus.INTERNAL_SERVER_ERROR, "something went wrong here; the request id finds it");
  }
}
