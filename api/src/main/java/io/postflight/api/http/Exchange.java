package io.postflight.api.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.common.logging.RequestLogListener;
import com.linecorp.armeria.common.logging.RequestLogProperty;

/** The bytes of one request and its response, tracked through its log. */
final class Exchange implements RequestLogListener {
  private final Connection connection;
  private final HttpRequest request;
  private final long ofRequest;
  private long ofResponse = -1;

  Exchange(Connection connection, HttpRequest request, long ofRequest) {
    this.connection = connection;
    this.request = request;
    this.ofRequest = ofRequest;
  }

  @Override
  public void onEvent(RequestLogProperty property, RequestLog log) {
    if (property == RequestLogProperty.RESPONSE_HEADERS) {
      ofResponse = Math.max(0, log.responseHeaders().contentLength());
      connection.answer(ofResponse, request.isOpen());
      if (request.isOpen()) {
        // The response does not depend on the rest, which would stay in memory.
        request.abort(ResponseCompleteException.get());
      }
    } else if (property == RequestLogProperty.RESPONSE_END_TIME) {
      if (ofResponse >= 0) {
        connection.answered(ofResponse);
      }
      if (ofRequest > 0) {
        connection.end(ofRequest);
      }
    }
  }
}
