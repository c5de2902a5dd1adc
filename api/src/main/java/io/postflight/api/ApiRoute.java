package io.postflight.api;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import io.postflight.api.http.MethodRouter;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A path and what it serves.
 *
 * @param name in metrics and logs
 * @param path with variables in braces
 */
record ApiRoute(String name, String path, Map<HttpMethod, HttpService> methods) {
  static ApiRoute get(String name, String path, HttpService service) {
    return new ApiRoute(name, path, Map.of(HttpMethod.GET, service));
  }

  static ApiRoute post(String name, String path, HttpService service) {
    return new ApiRoute(name, path, Map.of(HttpMethod.POST, service));
  }

  /** Serves these methods, HEAD like GET, and no others. */
  HttpService service() {
    return new MethodRouter(methods);
  }

  /** Such as {@code GET /v1/messages/{id}}. */
  Stream<String> requests() {
    return methods.keySet().stream().map(method -> method.name() + ' ' + path);
  }
}
