package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.user.NormalizedUserId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** {@code DELETE /v1/users/{user}}, {@code DELETE /v1/user?id=}. */
final class UserErasureService extends ErasureCommandService {
  UserErasureService(
      TenantDirectory tenants, ErasureCoordinator erasures, Duration responseTimeout) {
    super(tenants, erasures, "user", responseTimeout);
  }

  @Override
  CompletableFuture<ErasureCoordinator.Begun> begin(
      ServiceRequestContext ctx, HttpRequest request, Caller caller, String id) {
    return erasures.eraseUser(caller, NormalizedUserId.of(id));
  }
}
