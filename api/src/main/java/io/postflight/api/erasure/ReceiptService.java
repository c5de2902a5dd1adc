package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.api.http.Problem;
import io.postflight.schema.directory.TenantDirectory;
import java.util.List;

/** {@code GET /v1/erasures/{id}}. */
final class ReceiptService implements HttpService {
  private final TenantDirectory tenants;
  private final ErasureCoordinator erasures;

  ReceiptService(TenantDirectory tenants, ErasureCoordinator erasures) {
    this.tenants = tenants;
    this.erasures = erasures;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      throw Problem.methodNotAllowed(request.method().name(), "GET");
    }
    Caller caller = Caller.of(request.headers(), tenants.current(), ErasureCommandService.SCOPE);
    Params params = new Params(ctx, List.of());
    return HttpResponse.of(
        erasures
            .receipt(caller, PathIds.of(ctx, "id", params))
            .thenApply(
                receipt ->
                    HttpResponse.of(
                        ResponseHeaders.builder(HttpStatus.OK)
                            .contentType(MediaType.JSON_UTF_8)
                            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                            .build(),
                        HttpData.wrap(receipt.json()))));
  }
}
