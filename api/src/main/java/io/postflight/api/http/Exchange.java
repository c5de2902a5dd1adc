package io.postflight.api.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.schema.log.ThrottledLog;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** The bytes and the metrics of one request and its response, tracked through its log. */
final class Exchange {
  private static final ThrottledLog ERRORS =
      new ThrottledLog(LoggerFactory.getLogger(Exchange.class));

  private final ServiceRequestContext ctx;
  private final Connection connection;
  private final RequestMetrics metrics;
  private final long ofRequest;
  private long ofResponse = -1;

  private Exchange(
      ServiceRequestContext ctx, Connection connection, RequestMetrics metrics, long ofRequest) {
    this.ctx = ctx;
    this.connection = connection;
    this.metrics = metrics;
    this.ofRequest = ofRequest;
  }

  /** Tracks an exchange; two futures of the log cost less than a listener of all its properties. */
  static void track(
      ServiceRequestContext ctx, Connection connection, RequestMetrics metrics, long ofRequest) {
    Exchange exchange = new Exchange(ctx, connection, metrics, ofRequest);
    metrics.begin(ctx);
    var headers = ctx.log().whenAvailable(RequestLogProperty.RESPONSE_HEADERS);
    var unusedHeaders = headers.thenAccept(log -> reported(exchange::responding, log));
    var end = ctx.log().whenAvailable(RequestLogProperty.RESPONSE_END_TIME);
    var unusedEnd = end.thenAccept(log -> reported(exchange::end, log));
  }

  /** The futures of the log would discard what is thrown. */
  private static void reported(Consumer<RequestLog> step, RequestLog log) {
    try {
      step.accept(log);
    } catch (RuntimeException unexpected) {
      ERRORS.error(
          unexpected.getClass().getName(), "a request is not counted completely", unexpected);
    }
  }

  private void responding(RequestLog log) {
    ofResponse = Math.max(0, log.responseHeaders().contentLength());
    HttpRequest request = ctx.request();
    connection.answer(ofResponse, request.isOpen());
    if (request.isOpen()) {
      // The response does not depend on the rest, which would stay in memory.
      request.abort(ResponseCompleteException.get());
    }
  }

  private void end(RequestLog log) {
    if (ofResponse >= 0) {
      connection.answered(ofResponse);
    }
    if (ofRequest > 0) {
      connection.end(ofRequest);
    }
    metrics.end(ctx, log);
  }
}
