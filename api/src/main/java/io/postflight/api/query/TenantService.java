package io.postflight.api.query;

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
import io.postflight.api.http.JsonBody;
import io.postflight.api.http.Params;
import io.postflight.api.http.Problem;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantSnapshot;
import java.util.List;

/**
 * {@code GET /v1/tenant}: the tenant and the scopes of the caller's API key. Any scope suffices.
 */
final class TenantService implements HttpService {
  private final TenantDirectory tenants;

  TenantService(TenantDirectory tenants) {
    this.tenants = tenants;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      throw Problem.methodNotAllowed(request.method().name(), "GET");
    }
    TenantSnapshot.KeyOwner owner = Caller.owner(request.headers(), tenants.current());
    new Params(ctx, List.of());
    byte[] body =
        JsonBody.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("tenant", owner.tenant().getId());
              json.writeStringField("keyId", owner.key().getId());
              json.writeArrayFieldStart("scopes");
              for (String scope : owner.key().getScopes()) {
                json.writeString(scope);
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build(),
        HttpData.wrap(body));
  }
}
