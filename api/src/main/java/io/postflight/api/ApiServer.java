package io.postflight.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.prometheus.PrometheusExpositionService;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.postflight.api.docs.ApiDocument;
import io.postflight.api.erasure.ErasureApi;
import io.postflight.api.erasure.ErasureCoordinator;
import io.postflight.api.gateway.ArrivalClock;
import io.postflight.api.gateway.Gateway;
import io.postflight.api.http.Connections;
import io.postflight.api.http.Dependency;
import io.postflight.api.http.HoldingTiers;
import io.postflight.api.http.Http1Framing;
import io.postflight.api.http.HttpLimits;
import io.postflight.api.http.LiteralTarget;
import io.postflight.api.http.OperatorKey;
import io.postflight.api.http.Problem;
import io.postflight.api.http.ProblemErrorHandler;
import io.postflight.api.http.Readiness;
import io.postflight.api.http.RequestIds;
import io.postflight.api.http.ServerEventLoop;
import io.postflight.api.query.Queries;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.store.EventStore;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhook gateway, the queries and the erasure commands on one port. */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  /**
   * Initial flow-control window of an HTTP/2 connection: a few webhooks, or part of a large one.
   */
  private static final int CONNECTION_WINDOW = 512 << 10;

  private static final int STREAM_WINDOW = 256 << 10;

  private final ApiSettings settings;
  private final Server server;
  private final Gateway gateway;
  private final Queries queries;
  private final ErasureCoordinator erasures;
  private final Readiness readiness;
  private final Connections connections;
  private final List<Dependency> dependencies;
  private final List<String> routes;

  private ApiServer(
      ApiSettings settings,
      ApiServices services,
      PrometheusMeterRegistry registry,
      InstantSource clock) {
    this.settings = settings;
    TenantDirectory tenants = services.tenants();
    ArrivalClock arrivals = new ArrivalClock(clock);
    gateway =
        new Gateway(
            settings.gateway(),
            tenants,
            services.intake(),
            settings.topics().rawWebhooks(),
            arrivals,
            registry);
    HoldingTiers tiers =
        new HoldingTiers(services.stores(), settings.query().lifecycleRetention(), clock);
    erasures =
        new ErasureCoordinator(
            settings.erasure(), tiers, tenants, services.erasing(), arrivals::newest, clock);
    queries =
        new Queries(
            settings.query(), tenants, tiers, erasures.guard(), services.events(), clock, registry);
    ErasureApi erasureApi =
        new ErasureApi(tenants, erasures, queries.persons(), settings.erasure().responseTimeout());
    dependencies = dependencies(services, erasures);
    readiness = new Readiness(dependencies);
    connections = new Connections("api", settings.http().limits(), registry, System::nanoTime);
    OperatorKey operator = settings.http().operatorKey();

    ServerBuilder builder = Server.builder();
    builder
        .http(new InetSocketAddress(settings.http().host(), settings.http().port()))
        .meterRegistry(registry)
        .blockingTaskExecutor(maxLargeBodies());
    edge(builder, settings.http().limits(), settings.gateway().maxBody(), connections);
    ApiDocument document = ApiDocument.read();
    HttpService webhooks = gateway.webhooks();
    Map<HttpMethod, HttpService> message =
        Map.of(
            HttpMethod.GET, queries::message,
            HttpMethod.DELETE, erasureApi::eraseMessage,
            HttpMethod.PATCH, erasureApi::redactMessage);
    Map<HttpMethod, HttpService> user = Map.of(HttpMethod.DELETE, erasureApi::eraseUser);
    List<ApiRoute> ofTenants =
        List.of(
            ApiRoute.post("events", "/v1/events", gateway.events()),
            new ApiRoute("message", "/v1/messages/{id}", message),
            new ApiRoute("message", "/v1/message", message),
            ApiRoute.get("explain", "/v1/messages/{id}/explain", queries::explain),
            ApiRoute.get("explain", "/v1/message/explain", queries::explain),
            ApiRoute.get("timeline", "/v1/users/{user}/timeline", queries::timeline),
            ApiRoute.get("timeline", "/v1/user/timeline", queries::timeline),
            ApiRoute.get("last", "/v1/users/{user}/last", queries::last),
            ApiRoute.get("last", "/v1/user/last", queries::last),
            ApiRoute.get("identity", "/v1/users/{user}/identity", queries::identity),
            ApiRoute.get("identity", "/v1/user/identity", queries::identity),
            new ApiRoute("user", "/v1/users/{user}", user),
            new ApiRoute("user", "/v1/user", user),
            ApiRoute.get("messages", "/v1/messages", queries::listing),
            ApiRoute.get("tenant", "/v1/tenant", queries::tenant),
            ApiRoute.get("erasure", "/v1/erasures/{id}", erasureApi::receipt));
    List<ApiRoute> others =
        List.of(
            ApiRoute.get(
                "live", "/health/live", (c, r) -> HttpResponse.ofJson(Map.of("live", true))),
            ApiRoute.get("ready", "/health/ready", readiness),
            ApiRoute.get("status", "/health/status", operator.only(readiness.status())),
            ApiRoute.get(
                "metrics",
                "/metrics",
                operator.only(PrometheusExpositionService.of(registry.getPrometheusRegistry()))),
            ApiRoute.get("docs", "/docs", document.page()),
            ApiRoute.get("openapi", "/openapi.json", document.json()));
    // It answers other methods itself, by provider.
    ApiRoute ofProviders =
        new ApiRoute(
            "webhooks",
            "/webhooks/{provider}/{tenant}",
            Map.of(HttpMethod.GET, webhooks, HttpMethod.POST, webhooks));
    named(builder, ofProviders, onceLoaded(tenants, webhooks));
    ofTenants.forEach(route -> named(builder, route, onceLoaded(tenants, route.service())));
    others.forEach(route -> named(builder, route, route.service()));
    routes =
        Stream.of(List.of(ofProviders), ofTenants, others)
            .flatMap(List::stream)
            .flatMap(ApiRoute::requests)
            .sorted()
            .toList();
    server = builder.build();
  }

  /**
   * Starts a server; returns once it is listening.
   *
   * @throws IllegalStateException if it cannot bind its address, which the message contains
   */
  public static ApiServer start(
      ApiSettings settings,
      ApiServices services,
      PrometheusMeterRegistry registry,
      InstantSource clock) {
    ApiServer api = new ApiServer(settings, services, registry, clock);
    api.listen(services.tenants());
    return api;
  }

  private void listen(TenantDirectory tenants) {
    try {
      server.start().join();
    } catch (RuntimeException failure) {
      connections.close();
      erasures.close();
      gateway.close();
      throw new ListenException(
          "http.host " + settings.http().host() + ", http.port " + settings.http().port(), failure);
    }
    LOG.info("listening on {}:{}", settings.http().host(), server.activeLocalPort());
    if (settings.gateway().senderNamesHost()
        && tenants.current().all().stream().anyMatch(SignatureChecks::needUrl)) {
      LOG.warn(
          "gateway.publicUrl is not set, and a tenant has a secret for {}, which signs the request"
              + " URL: that URL is taken from the sender's Host header. Set gateway.publicUrl",
          String.join(" or ", SignatureChecks.providers(SignatureCheck::coversUrl)));
    }
  }

  /**
   * Large bodies that are verified at a time: parsed, a body occupies many times its size, and more
   * threads than processors gain nothing.
   */
  static int maxLargeBodies() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  /** The port it is listening on. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Methods and paths that it serves, such as {@code GET /v1/messages/{id}}. */
  List<String> routes() {
    return routes;
  }

  /** Its dependencies, for a status port. */
  public List<Dependency> dependencies() {
    return dependencies;
  }

  /** Rejects new requests, lets those in flight finish, and stops. */
  @Override
  public void close() {
    readiness.stop();
    queries.close();
    erasures.stopWaiting();
    server.stop().join();
    connections.close();
    erasures.close();
    gateway.close();
  }

  /** Configuration common to both servers; the decorator added last runs first. */
  static void edge(
      ServerBuilder builder, HttpLimits limits, long maxBodyBytes, Connections connections) {
    builder
        .disableServerHeader()
        .requestIdGenerator(routing -> RequestIds.of(routing.headers()))
        .errorHandler(new ProblemErrorHandler())
        // The error handler logs all of them; the server would log ordinary problems as WARN again.
        .unloggedExceptionsReportInterval(Duration.ZERO)
        // One decorator: the server looks up each of them for every request. Connections are the
        // outer one, to count the requests that the checks reject too.
        .decorator(
            (delegate, ctx, request) ->
                connections.serve((c, r) -> serve(delegate, c, r), ctx, request))
        .maxNumConnections(limits.maxConnections())
        .http2MaxStreamsPerConnection(limits.maxStreams())
        // The server's own limit would close the connections of trusted proxies too.
        .http2MaxResetFramesPerWindow(0, 0)
        .http2InitialConnectionWindowSize(CONNECTION_WINDOW)
        .http2InitialStreamWindowSize(STREAM_WINDOW)
        .http1MaxHeaderSize(limits.maxHeader())
        .http1MaxInitialLineLength(limits.maxHeader())
        .http2MaxHeaderListSize(limits.maxHeader())
        .requestTimeout(limits.requestTimeout())
        .idleTimeout(limits.idleTimeout())
        .gracefulShutdownTimeout(Duration.ZERO, limits.shutdownTimeout())
        .childChannelOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(64, 2048, Connections.READ_BUFFER))
        .bossGroupFactory(ServerEventLoop::of)
        .childChannelPipelineCustomizer(
            pipeline -> {
              Http1Framing.addTo(pipeline, maxBodyBytes);
              connections.accept(pipeline);
            })
        // Body limits are enforced where bodies are read.
        .maxRequestLength(0);
  }

  /**
   * Until tenants are loaded, an unknown tenant or an invalid key cannot be detected: requests of
   * tenants are answered 503.
   */
  private static HttpService onceLoaded(TenantDirectory tenants, HttpService service) {
    return (ctx, request) -> {
      if (!tenants.loaded()) {
        throw Problem.unavailable("the tenants are not loaded yet");
      }
      return service.serve(ctx, request);
    };
  }

  private static void named(ServerBuilder builder, ApiRoute route, HttpService service) {
    builder
        .route()
        .path(route.path())
        .defaultServiceName(route.name())
        .defaultLogName(route.name())
        .build(service);
  }

  private static List<Dependency> dependencies(ApiServices services, ErasureCoordinator erasures) {
    TenantDirectory tenants = services.tenants();
    List<Dependency> all = new ArrayList<>(services.dependencies());
    all.add(erasures.dependency());
    for (EventStore each : services.stores()) {
      // Reads a row that cannot exist: '-' is not a valid tenant name.
      all.add(new Dependency("store." + each.tier().name(), () -> each.message("-", "readiness")));
    }
    all.add(
        new Dependency(
            "tenants",
            true,
            () ->
                tenants.loaded()
                    ? CompletableFuture.completedFuture(true)
                    : CompletableFuture.failedFuture(
                        new IllegalStateException("the tenants topic has not been read yet"))));
    return all;
  }

  /** Common to all routes. */
  private static HttpResponse serve(
      HttpService delegate, ServiceRequestContext ctx, HttpRequest request) throws Exception {
    ctx.mutateAdditionalResponseHeaders(
        headers ->
            headers
                .set(RequestIds.HEADER, ctx.id().text())
                .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff"));
    LiteralTarget.requireLiteralPath(ctx);
    requireOneHost(request.headers());
    requirePlainBody(request.headers());
    return delegate.serve(ctx, request);
  }

  /** Of HTTP/2: {@code :authority} and {@code host} must be equal; HTTP/1 is checked earlier. */
  private static void requireOneHost(RequestHeaders headers) {
    String authority = headers.authority();
    boolean several = authority != null && Http1Framing.isList(authority);
    Iterator<String> hosts = headers.valueIterator(HttpHeaderNames.HOST);
    while (hosts.hasNext() && !several) {
      several = !hosts.next().equals(authority);
    }
    if (several) {
      throw Problem.badRequest("the request names more than one host");
    }
  }

  /** Bodies are not decompressed: a signature covers the bytes as sent. */
  private static void requirePlainBody(RequestHeaders headers) {
    Iterator<String> encodings = headers.valueIterator(HttpHeaderNames.CONTENT_ENCODING);
    while (encodings.hasNext()) {
      String encoding = encodings.next();
      if (!encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
        throw Problem.of(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "content-encoding '"
                + printable(encoding)
                + "' is not supported; send the body uncompressed",
            Map.of("accept-encoding", "identity"));
      }
    }
  }

  private static String printable(String text) {
    return text.substring(0, Math.min(text.length(), 40)).replaceAll("[^\\x20-\\x7e]", "?");
  }
}
