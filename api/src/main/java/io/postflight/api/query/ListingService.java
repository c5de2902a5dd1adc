package io.postflight.api.query;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Params;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.event.Direction;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.user.NormalizedUserId;
import io.postflight.store.ListingFilter;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import io.postflight.store.Position;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/messages}: a tenant's completed messages by time, with filters. */
final class ListingService extends QueryService {
  private static final List<String> FILTER =
      List.of(
          "since",
          "until",
          "from",
          "to",
          "status",
          "channel",
          "direction",
          "user",
          "errorCode",
          "order");

  private final MergedReads reads;
  private final Cursors cursors;
  private final Duration budget;
  private final InstantSource clock;

  ListingService(
      TenantDirectory tenants,
      MergedReads reads,
      Cursors cursors,
      Duration budget,
      InstantSource clock) {
    super(tenants, Stream.concat(FILTER.stream(), Stream.of("limit", "cursor")).toList());
    this.reads = reads;
    this.cursors = cursors;
    this.budget = budget;
    this.clock = clock;
  }

  private enum Direct {
    ASC,
    DESC
  }

  @Override
  CompletionStage<byte[]> answer(ServiceRequestContext ctx, Caller caller, Params params) {
    String tenant = caller.tenant().getId();
    Direction direction = params.oneOf("direction", Direction.class);
    String channel = params.text("channel");
    String user = params.text("user");
    ListingFilter filter =
        new ListingFilter(
            params.oneOf("status", MessageStatus.class),
            channel == null ? null : channel.toUpperCase(Locale.ROOT),
            direction == null ? null : direction.name(),
            user == null ? null : NormalizedUserId.of(user),
            params.text("errorCode"));
    Order order =
        params.oneOf("order", Direct.class) == Direct.ASC ? Order.OLDEST_FIRST : Order.NEWEST_FIRST;
    int limit = params.number("limit", TimelineService.DEFAULT_LIMIT, 1, TimelineService.MAX_LIMIT);
    long now = clock.millis();
    Long since = either(params, "since", "from", now);
    Long until = either(params, "until", "to", now);
    params.requireRange(
        params.text("from") == null ? "since" : "from",
        since,
        params.text("to") == null ? "until" : "to",
        until);
    String scope = CursorScope.of("listing", tenant, "", params, FILTER);
    String cursor = params.any("cursor");
    Position after = null;
    if (cursor != null) {
      Cursors.Place place = cursors.read(scope, cursor);
      since = place.since();
      until = place.until();
      after = place.after();
    }
    ListingQuery query =
        new ListingQuery(
            tenant,
            caller.tenant().getListingShards(),
            since,
            until,
            filter,
            order,
            limit,
            after,
            budget);
    return reads
        .listing(caller.tenant(), query)
        .thenApply(
            page ->
                PageJson.json(
                    page,
                    next ->
                        cursors.write(scope, new Cursors.Place(query.since(), query.until(), next)),
                    MessageJson::write));
  }

  private static @Nullable Long either(Params params, String name, String other, long now) {
    String second = params.text(other);
    if (second != null && params.text(name) != null) {
      throw Params.bad(other, second, "absent if '" + name + "' is given, which is an alias");
    }
    return second == null ? params.time(name, now) : params.time(other, now);
  }
}
