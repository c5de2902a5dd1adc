package io.postflight.api.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Routes one path by method, HEAD like GET; 405 with the allowed methods for others. */
public final class MethodRouter implements HttpService {
  private final Map<HttpMethod, HttpService> byMethod;
  private final String allowed;

  /** Creates a router over services by method. */
  public MethodRouter(Map<HttpMethod, HttpService> services) {
    byMethod = new EnumMap<>(services);
    HttpService get = services.get(HttpMethod.GET);
    if (get != null) {
      byMethod.put(HttpMethod.HEAD, get);
    }
    allowed = byMethod.keySet().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
    HttpService service = byMethod.get(request.method());
    if (service == null) {
      throw Problem.methodNotAllowed(request.method().name(), allowed);
    }
    return service.serve(ctx, request);
  }
}
