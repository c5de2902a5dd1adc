package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import io.postflight.schema.directory.ApiKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The key of whoever operates the deployment: what concerns all tenants is shown to its holder
 * only.
 *
 * @param sha256 its SHA-256, hex, lower case; empty: there is none, and nobody is shown it
 */
public record OperatorKey(Optional<String> sha256) {
  /** No operator has a key. */
  public static final OperatorKey NONE = new OperatorKey(Optional.empty());

  private static final String BEARER = "Bearer ";

  /** The same service with the operator key required; any other request is answered 401. */
  public HttpService only(HttpService service) {
    return (ctx, request) -> {
      if (!isPresentedIn(request.headers())) {
        throw new Problem(
                HttpStatus.UNAUTHORIZED,
                "this is for the operator's key (http.operatorKeyHash), or on http.statusPort",
                Map.of("www-authenticate", "Bearer"))
            .asException();
      }
      return service.serve(ctx, request);
    };
  }

  private boolean isPresentedIn(RequestHeaders headers) {
    List<String> given = headers.getAll(HttpHeaderNames.AUTHORIZATION);
    if (sha256.isEmpty()
        || given.size() != 1
        || !given.get(0).regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return false;
    }
    String presented = given.get(0).substring(BEARER.length()).strip();
    return ApiKeys.same(ApiKeys.sha256(presented), sha256.get());
  }
}
