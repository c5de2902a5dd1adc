package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Problem;
import io.postflight.api.signature.EventsSignature;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantSnapshot;
import java.util.Map;

/** {@code POST /v1/events}: our own events, for whoever has an API key with scope {@code write}. */
final class EventsService implements HttpService {
  private final TenantDirectory tenants;
  private final RawIntake intake;

  EventsService(TenantDirectory tenants, RawIntake intake) {
    this.tenants = tenants;
    this.intake = intake;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    if (request.method() != HttpMethod.POST) {
      throw Problem.methodNotAllowed(request.method().name(), "POST").asException();
    }
    TenantSnapshot snapshot = tenants.current();
    Caller caller = Caller.of(request.headers(), snapshot, "write");
    RawIntake.Address address =
        new RawIntake.Address(
            EventsSignature.PROVIDER, caller.tenant().getId(), snapshot.version());
    return HttpResponse.of(
        intake
            .takeBody(ctx, request, address, body -> Map.of())
            .thenApply(
                done ->
                    HttpResponse.of(
                        ResponseHeaders.builder(HttpStatus.ACCEPTED)
                            .setInt("content-length", 0)
                            .build())));
  }
}
