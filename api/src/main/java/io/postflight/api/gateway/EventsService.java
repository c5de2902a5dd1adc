package io.postflight.api.gateway;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.JsonBody;
import io.postflight.api.http.Problem;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantSnapshot;
import io.postflight.schema.signature.EventsSignature;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code POST /v1/events}: events in our own form, for API keys with scope {@code write}. A body
 * with at least one valid event is stored unchanged; its invalid events are reported in the
 * response, and rejected by normalization.
 */
final class EventsService implements HttpService {
  private final TenantDirectory tenants;
  private final RawIntake intake;
  private final EventValidator validator;

  EventsService(TenantDirectory tenants, RawIntake intake, EventValidator validator) {
    this.tenants = tenants;
    this.intake = intake;
    this.validator = validator;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    TenantSnapshot snapshot = tenants.current();
    Caller caller = Caller.of(request.headers(), snapshot, "write");
    String tenant = caller.tenant().getId();
    RawIntake.Address address =
        new RawIntake.Address(EventsSignature.PROVIDER, tenant, snapshot.version());
    AtomicReference<List<EventValidator.Validation>> results = new AtomicReference<>(List.of());
    return HttpResponse.of(
        intake
            .storeBody(
                ctx,
                request,
                address,
                (body, on) -> {
                  List<EventValidator.Validation> validated = validator.validate(tenant, body);
                  requireOneValid(validated);
                  results.set(validated);
                  return CompletableFuture.completedFuture(Map.of());
                })
            .thenApply(done -> accepted(Objects.requireNonNull(results.get()))));
  }

  private static void requireOneValid(List<EventValidator.Validation> results) {
    if (results.stream().noneMatch(EventValidator.Validation.ValidEvent.class::isInstance)) {
      throw Problem.badRequest(
              results.isEmpty() ? "the body contains no events" : "no event in the body is valid")
          .with(json -> writeItems(json, results));
    }
  }

  private static HttpResponse accepted(List<EventValidator.Validation> results) {
    return JsonBody.response(
        HttpStatus.ACCEPTED,
        json -> {
          json.writeStartObject();
          writeItems(json, results);
          json.writeEndObject();
        });
  }

  private static void writeItems(JsonGenerator json, List<EventValidator.Validation> results)
      throws IOException {
    json.writeArrayFieldStart("items");
    for (EventValidator.Validation result : results) {
      json.writeStartObject();
      if (result instanceof EventValidator.Validation.ValidEvent valid) {
        json.writeStringField("eventId", valid.eventId());
        if (valid.expired()) {
          json.writeBooleanField("expired", true);
        }
      } else if (result instanceof EventValidator.Validation.InvalidEvent invalid) {
        json.writeObjectFieldStart("problem");
        json.writeStringField("reason", invalid.reason().name());
        json.writeStringField("detail", invalid.detail());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
