package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import io.postflight.schema.directory.ApiKeys;
import java.util.Map;
import java.util.Optional;

/**
 * The key of the operator, required for data of all tenants.
 *
 * @param sha256 its SHA-256, lower-case hex; empty: no key, access denied
 */
public record OperatorKey(Optional<String> sha256) {
  /** No operator key. */
  public static final OperatorKey NONE = new OperatorKey(Optional.empty());

  /** Requires the operator key for a service; 401 otherwise. */
  public HttpService only(HttpService service) {
    return (ctx, request) -> {
      if (!isPresentedIn(request.headers())) {
        throw Problem.of(
            HttpStatus.UNAUTHORIZED,
            "the operator key (http.operatorKeyHash) is required here; http.statusPort needs"
                + " none",
            Map.of("www-authenticate", "Bearer"));
      }
      return service.serve(ctx, request);
    };
  }

  private boolean isPresentedIn(RequestHeaders headers) {
    return sha256.isPresent()
        && Caller.bearerKey(headers.getAll(HttpHeaderNames.AUTHORIZATION))
            .filter(presented -> ApiKeys.same(ApiKeys.sha256(presented), sha256.get()))
            .isPresent();
  }
}
