package io.postflight.api.query;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.schema.directory.TenantDirectory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /v1/users/{user}/last[?type=]}, {@code GET /v1/user/last?id=}: a page, with at most
 * one item if a type is given.
 */
final class LastService extends QueryService {
  private final MergedReads reads;
  private final Duration budget;

  LastService(TenantDirectory tenants, MergedReads reads, Duration budget) {
    super(tenants, "user", List.of("type"));
    this.reads = reads;
    this.budget = budget;
  }

  @Override
  CompletionStage<byte[]> answer(ServiceRequestContext ctx, Caller caller, Params params) {
    String user = PathIds.user(ctx, "user", params);
    String type = params.text("type");
    if (type != null && type.indexOf('*') >= 0) {
      throw Params.bad("type", type, "an exact type such as message.read");
    }
    String tenant = caller.tenant().getId();
    return reads
        .latest(caller.tenant(), user, type, budget)
        .thenApply(
            items ->
                PageJson.json(
                    items,
                    null,
                    false,
                    (json, item) -> TimelineJson.write(json, tenant, user, item)));
  }
}
