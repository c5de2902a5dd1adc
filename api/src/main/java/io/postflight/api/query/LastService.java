package io.postflight.api.query;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Params;
import io.postflight.schema.directory.TenantDirectory;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code GET /v1/users/{user}/last[?type=]}: a page, of one item at most with a type. */
final class LastService extends QueryService {
  private final Reads reads;

  LastService(TenantDirectory tenants, Reads reads) {
    super(tenants, List.of("type"));
    this.reads = reads;
  }

  @Override
  CompletionStage<byte[]> answer(ServiceRequestContext ctx, Caller caller, Params params) {
    String user = id(ctx, "user");
    String type = params.text("type");
    if (type != null && type.indexOf('*') >= 0) {
      throw Params.bad("type", type, "an exact type such as message.read");
    }
    String tenant = caller.tenant().getId();
    return reads
        .latest(caller.tenant(), user, type)
        .thenApply(
            items ->
                Page.json(
                    items,
                    null,
                    false,
                    (json, item) -> TimelineJson.write(json, tenant, user, item)));
  }
}
