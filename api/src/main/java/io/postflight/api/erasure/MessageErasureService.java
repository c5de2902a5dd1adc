package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.schema.directory.TenantDirectory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * {@code DELETE /v1/messages/{id}} and {@code /v1/message?id=}, and {@code PATCH} with the fields
 * to redact.
 */
final class MessageErasureService extends ErasureCommandService {
  MessageErasureService(
      TenantDirectory tenants, ErasureCoordinator erasures, Duration responseTimeout) {
    super(tenants, erasures, "id", responseTimeout);
  }

  @Override
  CompletableFuture<ErasureCoordinator.Begun> begin(
      ServiceRequestContext ctx, HttpRequest request, Caller caller, String id) {
    if (request.method() == HttpMethod.DELETE) {
      return erasures.eraseMessage(caller, id);
    }
    ctx.setMaxRequestLength(RedactionRequest.MAX_BYTES);
    return request
        .aggregate()
        .thenCompose(
            whole ->
                erasures.redactMessage(
                    caller, id, RedactionRequest.fields(whole.content().array())));
  }
}
