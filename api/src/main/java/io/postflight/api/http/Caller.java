package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.TenantSnapshot;
import io.postflight.schema.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The authenticated caller of a request.
 *
 * @param tenant owner of the API key
 * @param keyId public id of the key
 */
public record Caller(Tenant tenant, String keyId) {

  /**
   * Authenticates the caller of a request.
   *
   * @param scope the required scope
   * @throws Problem 401 without a valid key, 403 if the key lacks the scope
   */
  public static Caller of(RequestHeaders headers, TenantSnapshot tenants, String scope) {
    TenantSnapshot.KeyOwner owner = owner(headers, tenants);
    if (!owner.key().getScopes().contains(scope)) {
      throw Problem.of(HttpStatus.FORBIDDEN, "the API key lacks the scope '" + scope + "'");
    }
    return new Caller(owner.tenant(), owner.key().getId());
  }

  /**
   * Finds the key of a request and its tenant, regardless of scopes.
   *
   * @throws Problem 401 without a valid key
   */
  public static TenantSnapshot.KeyOwner owner(RequestHeaders headers, TenantSnapshot tenants) {
    List<String> given = headers.getAll(HttpHeaderNames.AUTHORIZATION);
    if (given.isEmpty()) {
      throw unauthorized("an API key is required: Authorization: Bearer pf_...", "Bearer");
    }
    Optional<TenantSnapshot.KeyOwner> owner =
        bearerKey(given).flatMap(key -> ApiKeys.authenticate(tenants, key));
    owner.ifPresent(found -> Connections.authenticated(found.tenant().getId()));
    return owner.orElseThrow(
        () -> unauthorized("the API key is not valid", "Bearer error=\"invalid_token\""));
  }

  /** The key of {@code Authorization: Bearer <key>}; empty if the header is repeated. */
  static Optional<String> bearerKey(List<String> authorization) {
    return authorization.size() == 1 ? ApiKeys.ofBearer(authorization.get(0)) : Optional.empty();
  }

  private static Problem unauthorized(String detail, String challenge) {
    return Problem.of(HttpStatus.UNAUTHORIZED, detail, Map.of("www-authenticate", challenge));
  }

  /** Ids only: a tenant's record contains secrets. */
  @Override
  public String toString() {
    return tenant.getId() + " by key " + keyId;
  }
}
