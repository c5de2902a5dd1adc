package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.schema.directory.TenantDirectory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An erasure command over HTTP: 200 with the receipt if it completes in time, else 202. */
abstract class ErasureCommandService implements HttpService {
  static final String SCOPE = "erase";

  final ErasureCoordinator erasures;
  private final TenantDirectory tenants;
  private final String subject;
  private final Duration responseTimeout;

  /**
   * Creates a service.
   *
   * @param subject name of the path variable with the id
   */
  ErasureCommandService(
      TenantDirectory tenants,
      ErasureCoordinator erasures,
      String subject,
      Duration responseTimeout) {
    this.tenants = tenants;
    this.erasures = erasures;
    this.subject = subject;
    this.responseTimeout = responseTimeout;
  }

  /** Reads the command from the request and starts it. */
  abstract CompletableFuture<ErasureCoordinator.Begun> begin(
      ServiceRequestContext ctx, HttpRequest request, Caller caller, String id);

  @Override
  public final HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    long start = System.nanoTime();
    Caller caller = Caller.of(request.headers(), tenants.current(), SCOPE);
    // Unknown parameters are rejected: one might have been meant to narrow the erasure.
    Params params = new Params(ctx, PathIds.parameters(ctx, subject, List.of()));
    String id = PathIds.of(ctx, subject, params);
    ctx.setRequestTimeout(TimeoutMode.EXTEND, responseTimeout);
    return HttpResponse.of(
        begin(ctx, request, caller, id)
            .thenCompose(
                begun ->
                    erasures.await(begun, responseTimeout.toNanos() - (System.nanoTime() - start)))
            .thenApply(ErasureCommandService::answer));
  }

  private static HttpResponse answer(Receipt receipt) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(receipt.done() ? HttpStatus.OK : HttpStatus.ACCEPTED)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (!receipt.done()) {
      headers.set(HttpHeaderNames.LOCATION, "/v1/erasures/" + receipt.command().getId());
    }
    return HttpResponse.of(headers.build(), HttpData.wrap(receipt.json()));
  }
}
