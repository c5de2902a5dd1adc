package io.postflight.api.query;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.store.Position;
import io.postflight.store.TimelineQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/users/{user}/timeline}, {@code GET /v1/user/timeline?id=}. */
final class TimelineService extends QueryService {
  /** Default number of items per page. */
  static final int DEFAULT_LIMIT = 50;

  /** Maximum number of items per page. */
  static final int MAX_LIMIT = 1000;

  private static final Pattern PREFIX = Pattern.compile("[^*]+\\.\\*");

  private final MergedReads reads;
  private final Cursors cursors;
  private final Duration budget;
  private final InstantSource clock;

  TimelineService(
      TenantDirectory tenants,
      MergedReads reads,
      Cursors cursors,
      Duration budget,
      InstantSource clock) {
    super(tenants, "user", List.of("since", "until", "type", "limit", "cursor"));
    this.reads = reads;
    this.cursors = cursors;
    this.budget = budget;
    this.clock = clock;
  }

  @Override
  CompletionStage<byte[]> answer(ServiceRequestContext ctx, Caller caller, Params params) {
    String user = PathIds.user(ctx, "user", params);
    String tenant = caller.tenant().getId();
    String type = type(params);
    int limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    long now = clock.millis();
    Long since = params.time("since", now);
    Long until = params.time("until", now);
    params.requireRange("since", since, "until", until);
    String scope =
        CursorScope.of("timeline", tenant, user, params, List.of("since", "until", "type"));
    String cursor = params.any("cursor");
    Position after = null;
    if (cursor != null) {
      Cursors.Place place = cursors.read(scope, cursor);
      since = place.since();
      until = place.until();
      after = place.after();
    }
    TimelineQuery query =
        new TimelineQuery(
            tenant,
            user,
            caller.tenant().getTimelineShards(),
            since,
            until,
            type,
            limit,
            after,
            budget);
    return reads
        .timeline(caller.tenant(), query)
        .thenApply(
            page ->
                PageJson.json(
                    page,
                    next ->
                        cursors.write(scope, new Cursors.Place(query.since(), query.until(), next)),
                    (json, item) -> TimelineJson.write(json, tenant, user, item)));
  }

  private static @Nullable String type(Params params) {
    String type = params.text("type");
    if (type != null && type.indexOf('*') >= 0 && !PREFIX.matcher(type).matches()) {
      throw Params.bad("type", type, "an exact type, or a prefix such as message.*");
    }
    return type;
  }
}
