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
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.api.http.Problem;
import io.postflight.schema.directory.TenantDirectory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A query over HTTP: authentication, parameters, and the JSON response. */
abstract class QueryService implements HttpService {
  private final TenantDirectory tenants;
  private final @Nullable String subject;
  private final List<String> parameters;

  /** Creates a query without a subject. */
  QueryService(TenantDirectory tenants, List<String> parameters) {
    this(tenants, null, parameters);
  }

  /**
   * Creates a query.
   *
   * @param subject name of the path variable with the subject's id; null: none
   * @param parameters names of the allowed query parameters
   */
  QueryService(TenantDirectory tenants, @Nullable String subject, List<String> parameters) {
    this.tenants = tenants;
    this.subject = subject;
    this.parameters = parameters;
  }

  /** Computes the JSON response; fails with a problem or an internal error. */
  abstract CompletionStage<byte[]> answer(ServiceRequestContext ctx, Caller caller, Params params);

  @Override
  public final HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      throw Problem.methodNotAllowed(request.method().name(), "GET");
    }
    Caller caller = Caller.of(request.headers(), tenants.current(), "read");
    Params params =
        new Params(
            ctx, subject == null ? parameters : PathIds.parameters(ctx, subject, parameters));
    return HttpResponse.of(
        answer(ctx, caller, params)
            .thenApply(
                json ->
                    HttpResponse.of(
                        ResponseHeaders.builder(HttpStatus.OK)
                            .contentType(MediaType.JSON_UTF_8)
                            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                            .build(),
                        HttpData.wrap(json))));
  }
}
