package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.JsonBody;
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.event.NormalizedUserId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Erasure commands over HTTP: 200 with the receipt if a command completes in time, else 202. */
public final class ErasureApi {
  private static final String SCOPE = "erase";

  private final TenantDirectory tenants;
  private final ErasureCoordinator erasures;
  private final PersonLookup persons;
  private final Duration responseTimeout;

  /**
   * Creates the endpoints.
   *
   * @param persons finds the ids of users that are erased
   * @param responseTimeout how long a response is held for completion
   */
  public ErasureApi(
      TenantDirectory tenants,
      ErasureCoordinator erasures,
      PersonLookup persons,
      Duration responseTimeout) {
    this.tenants = tenants;
    this.erasures = erasures;
    this.persons = persons;
    this.responseTimeout = responseTimeout;
  }

  /** {@code DELETE /v1/messages/{id}}, {@code DELETE /v1/message?id=}. */
  public HttpResponse eraseMessage(ServiceRequestContext ctx, HttpRequest request) {
    return command(ctx, request, "id", erasures::eraseMessage);
  }

  /** {@code PATCH /v1/messages/{id}}, {@code PATCH /v1/message?id=} with the fields to redact. */
  public HttpResponse redactMessage(ServiceRequestContext ctx, HttpRequest request) {
    return command(
        ctx,
        request,
        "id",
        (caller, id) -> {
          ctx.setMaxRequestLength(RedactionRequest.MAX_BYTES);
          return request
              .aggregate()
              .thenCompose(
                  whole ->
                      erasures.redactMessage(
                          caller, id, RedactionRequest.fields(whole.content().array())));
        });
  }

  /** {@code DELETE /v1/users/{user}}, {@code DELETE /v1/user?id=}. */
  public HttpResponse eraseUser(ServiceRequestContext ctx, HttpRequest request) {
    return command(
        ctx,
        request,
        "user",
        (caller, id) -> erasures.eraseUser(caller, NormalizedUserId.of(id), persons));
  }

  /** {@code GET /v1/erasures/{id}}. */
  public HttpResponse receipt(ServiceRequestContext ctx, HttpRequest request) {
    Caller caller = Caller.of(request.headers(), tenants.current(), SCOPE);
    Params params = new Params(ctx, List.of());
    return HttpResponse.of(
        erasures
            .receipt(caller, PathIds.of(ctx, "id", params))
            .thenApply(receipt -> JsonBody.response(HttpStatus.OK, receipt.json())));
  }

  /**
   * Starts a command and awaits it.
   *
   * @param subject name of the path variable with the id
   */
  private HttpResponse command(
      ServiceRequestContext ctx,
      HttpRequest request,
      String subject,
      BiFunction<Caller, String, CompletableFuture<ErasureCoordinator.StartedCommand>> begin) {
    long start = System.nanoTime();
    Caller caller = Caller.of(request.headers(), tenants.current(), SCOPE);
    // Unknown parameters are rejected: one might have been meant to narrow the erasure.
    Params params = new Params(ctx, PathIds.parameters(ctx, subject, List.of()));
    String id = PathIds.of(ctx, subject, params);
    ctx.setRequestTimeout(TimeoutMode.EXTEND, responseTimeout);
    return HttpResponse.of(
        begin
            .apply(caller, id)
            .thenCompose(
                started ->
                    erasures.await(
                        started, responseTimeout.toNanos() - (System.nanoTime() - start)))
            .thenApply(ErasureApi::answer));
  }

  private static HttpResponse answer(Receipt receipt) {
    ResponseHeadersBuilder headers =
        JsonBody.headers(receipt.done() ? HttpStatus.OK : HttpStatus.ACCEPTED);
    if (!receipt.done()) {
      headers.set(HttpHeaderNames.LOCATION, "/v1/erasures/" + receipt.command().getId());
    }
    return JsonBody.response(headers, receipt.json());
  }
}
