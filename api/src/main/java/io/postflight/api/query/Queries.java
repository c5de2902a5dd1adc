package io.postflight.api.query;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.erasure.PersonLookup;
import io.postflight.api.explain.EventLog;
import io.postflight.api.http.Caller;
import io.postflight.api.http.HoldingTiers;
import io.postflight.api.http.JsonBody;
import io.postflight.api.http.Params;
import io.postflight.api.http.PathIds;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantSnapshot;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.NormalizedUserId;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.text.AsciiCase;
import io.postflight.store.ListingFilter;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import io.postflight.store.PageRequest;
import io.postflight.store.TimelineQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The queries over HTTP. */
public final class Queries implements AutoCloseable {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1000;
  private static final Pattern TYPE_PREFIX = Pattern.compile("[^*]+\\.\\*");
  private static final List<String> TIMELINE_FILTER = List.of("since", "until", "type");
  private static final List<String> LISTING_FILTER =
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

  private final QuerySettings settings;
  private final TenantDirectory tenants;
  private final InstantSource clock;
  private final MergedReads reads;
  private final PersonReads persons;
  private final TimelineReads timelines;
  private final ReadLimits limits;
  private final Explanations explanations;
  private final MessageWait waiting;
  private final Cursors cursors;

  private enum OrderParameter {
    ASC,
    DESC
  }

  /**
   * Creates the queries.
   *
   * @param guard determines what must be hidden
   * @param events of messages, for explanations
   */
  public Queries(
      QuerySettings settings,
      TenantDirectory tenants,
      HoldingTiers tiers,
      ErasureGuard guard,
      EventLog events,
      InstantSource clock,
      MeterRegistry registry) {
    this.settings = settings;
    this.tenants = tenants;
    this.clock = clock;
    TierReads tierReads = new TierReads(tiers, new SingleFlight(registry), guard);
    this.reads = new MergedReads(tierReads, guard);
    this.persons = new PersonReads(tierReads, guard, settings.budget());
    this.timelines = new TimelineReads(tierReads, persons, guard, clock);
    this.explanations = new Explanations(timelines, events, settings.budget());
    this.limits = new ReadLimits(settings.maxReads(), settings.maxPages());
    this.waiting = new MessageWait(settings.maxWaits(), settings.maxWaitsPerTenant());
    this.cursors = new Cursors(settings.cursorSecret());
  }

  /** Finds the ids of persons in the same way as the queries. */
  public PersonLookup persons() {
    return persons;
  }

  /** {@code GET /v1/messages/{id}[?wait=5s]}, {@code GET /v1/message?id=[&wait=5s]}. */
  public HttpResponse message(ServiceRequestContext ctx, HttpRequest request) {
    return answer(
        ctx,
        request,
        PathIds.parameters(ctx, "id", List.of("wait")),
        (tenant, params) -> {
          String id = PathIds.of(ctx, "id", params);
          Duration wait = params.duration("wait", settings.maxWait());
          CompletionStage<Optional<MessageRevision>> found;
          if (wait == null || wait.isZero()) {
            found = message(tenant, id);
          } else {
            ctx.setRequestTimeout(TimeoutMode.EXTEND, wait);
            found = waiting.until(ctx, tenant.getId(), wait, () -> message(tenant, id));
          }
          return found.thenApply(
              message -> {
                MessageRevision known = message.orElseThrow(MergedReads::noSuchMessage);
                return json -> MessageJson.write(json, known);
              });
        });
  }

  /** {@code GET /v1/messages/{id}/explain}, {@code GET /v1/message/explain?id=}. */
  public HttpResponse explain(ServiceRequestContext ctx, HttpRequest request) {
    return answer(
        ctx,
        request,
        PathIds.parameters(ctx, "id", List.of()),
        (tenant, params) -> {
          String id = PathIds.of(ctx, "id", params);
          return explanations
              .of(
                  tenant,
                  () ->
                      message(tenant, id)
                          .thenApply(found -> found.orElseThrow(MergedReads::noSuchMessage)))
              .thenApply(explained -> json -> ExplanationJson.write(json, explained));
        });
  }

  private CompletableFuture<Optional<MessageRevision>> message(Tenant tenant, String id) {
    return limits.read(tenant.getId(), () -> reads.message(tenant, id));
  }

  /**
   * {@code GET /v1/users/{user}/last[?type=]}, {@code GET /v1/user/last?id=}: a page, with at most
   * one item if a type is given.
   */
  public HttpResponse last(ServiceRequestContext ctx, HttpRequest request) {
    return answer(
        ctx,
        request,
        PathIds.parameters(ctx, "user", List.of("type")),
        (tenant, params) -> {
          String user = PathIds.user(ctx, "user", params);
          String type = params.text("type");
          if (type != null && type.indexOf('*') >= 0) {
            throw Params.bad("type", type, "an exact type such as message.read");
          }
          return limits
              .page(
                  ctx,
                  tenant.getId(),
                  () -> timelines.latest(tenant, user, type, settings.budget()))
              .thenApply(
                  items ->
                      PageJson.whole(
                          items,
                          (json, item) -> TimelineJson.write(json, tenant.getId(), item),
                          TierReads::tooLarge));
        });
  }

  /** {@code GET /v1/users/{user}/timeline}, {@code GET /v1/user/timeline?id=}. */
  public HttpResponse timeline(ServiceRequestContext ctx, HttpRequest request) {
    return answer(
        ctx,
        request,
        PathIds.parameters(ctx, "user", withPaging(TIMELINE_FILTER)),
        (tenant, params) -> timeline(ctx, tenant, PathIds.user(ctx, "user", params), params));
  }

  private CompletionStage<JsonBody.Writer> timeline(
      ServiceRequestContext ctx, Tenant tenant, String user, Params params) {
    String type = params.text("type");
    if (type != null && type.indexOf('*') >= 0 && !TYPE_PREFIX.matcher(type).matches()) {
      throw Params.bad("type", type, "an exact type, or a prefix such as message.*");
    }
    int limit = limit(params);
    long now = clock.millis();
    Long since = params.time("since", now);
    Long until = params.time("until", now);
    params.requireRange("since", since, "until", until);
    String scope = Cursors.scope("timeline", tenant.getId(), user, params, TIMELINE_FILTER);
    Cursors.CursorBounds place = cursors.place(scope, params, since, until);
    TimelineQuery query =
        new TimelineQuery(
            tenant.getId(),
            user,
            tenant.getTimelineShards(),
            type,
            new PageRequest(place.since(), place.until(), limit, place.after(), settings.budget()));
    return limits
        .page(ctx, tenant.getId(), () -> timelines.timeline(tenant, query))
        .thenApply(
            page ->
                PageJson.of(
                    page,
                    PersonItem::position,
                    next -> cursors.write(scope, place, next),
                    (json, item) -> TimelineJson.write(json, tenant.getId(), item)));
  }

  /** {@code GET /v1/users/{user}/identity}, {@code GET /v1/user/identity?id=}. */
  public HttpResponse identity(ServiceRequestContext ctx, HttpRequest request) {
    return answer(
        ctx,
        request,
        PathIds.parameters(ctx, "user", List.of()),
        (tenant, params) -> {
          String user = PathIds.user(ctx, "user", params);
          return limits
              .read(tenant.getId(), () -> persons.visibleGroup(tenant, user, clock.millis()))
              .thenApply(group -> json -> IdentityJson.write(json, group));
        });
  }

  /** {@code GET /v1/messages}: a tenant's completed messages by time, with filters. */
  public HttpResponse listing(ServiceRequestContext ctx, HttpRequest request) {
    return answer(
        ctx, request, withPaging(LISTING_FILTER), (tenant, params) -> listing(ctx, tenant, params));
  }

  private CompletionStage<JsonBody.Writer> listing(
      ServiceRequestContext ctx, Tenant tenant, Params params) {
    ListingFilter filter = listingFilter(params);
    Order order =
        params.oneOf("order", OrderParameter.class) == OrderParameter.ASC
            ? Order.OLDEST_FIRST
            : Order.NEWEST_FIRST;
    int limit = limit(params);
    long now = clock.millis();
    Long since = either(params, "since", "from", now);
    Long until = either(params, "until", "to", now);
    params.requireRange(
        params.text("from") == null ? "since" : "from",
        since,
        params.text("to") == null ? "until" : "to",
        until);
    String scope = Cursors.scope("listing", tenant.getId(), "", params, LISTING_FILTER);
    Cursors.CursorBounds place = cursors.place(scope, params, since, until);
    ListingQuery query =
        new ListingQuery(
            tenant.getId(),
            tenant.getListingShards(),
            filter,
            order,
            new PageRequest(place.since(), place.until(), limit, place.after(), settings.budget()));
    return limits
        .page(ctx, tenant.getId(), () -> reads.listing(tenant, query))
        .thenApply(
            page ->
                PageJson.of(
                    page,
                    ListingItem::position,
                    next -> cursors.write(scope, place, next),
                    MessageJson::write));
  }

  private static ListingFilter listingFilter(Params params) {
    Direction direction = params.oneOf("direction", Direction.class);
    String channel = params.text("channel");
    String user = params.text("user");
    return new ListingFilter(
        params.oneOf("status", MessageStatus.class, MessageStatus::completes),
        channel == null ? null : AsciiCase.upper(channel),
        direction == null ? null : direction.name(),
        user == null ? null : NormalizedUserId.of(user),
        params.text("errorCode"));
  }

  private static @Nullable Long either(Params params, String name, String other, long now) {
    String second = params.text(other);
    if (second != null && params.text(name) != null) {
      throw Params.bad(other, second, "absent if '" + name + "' is given, which is an alias");
    }
    return second == null ? params.time(name, now) : params.time(other, now);
  }

  private static int limit(Params params) {
    return params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
  }

  private static List<String> withPaging(List<String> filter) {
    return Stream.concat(filter.stream(), Stream.of("limit", "cursor")).toList();
  }

  /**
   * {@code GET /v1/tenant}: the tenant and the scopes of the caller's API key. Any scope suffices.
   */
  public HttpResponse tenant(ServiceRequestContext ctx, HttpRequest request) {
    TenantSnapshot.KeyOwner owner = Caller.owner(request.headers(), tenants.current());
    new Params(ctx, List.of());
    return JsonBody.response(
        HttpStatus.OK,
        json -> {
          json.writeStartObject();
          json.writeStringField("tenant", owner.tenant().getId());
          json.writeStringField("keyId", owner.key().getId());
          json.writeArrayFieldStart("scopes");
          for (String scope : owner.key().getScopes()) {
            json.writeString(scope);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Ends held responses. */
  @Override
  public void close() {
    waiting.close();
  }

  /**
   * Authenticates the caller, parses the parameters and responds with JSON.
   *
   * @param query fails with a problem or an internal error
   */
  private HttpResponse answer(
      ServiceRequestContext ctx,
      HttpRequest request,
      List<String> parameters,
      BiFunction<Tenant, Params, CompletionStage<JsonBody.Writer>> query) {
    Caller caller = Caller.of(request.headers(), tenants.current(), "read");
    Params params = new Params(ctx, parameters);
    return HttpResponse.of(
        query
            .apply(caller.tenant(), params)
            .thenApply(json -> JsonBody.response(HttpStatus.OK, json)));
  }
}
