package io.postflight.api.http;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one server, with limits so that no peer starves others: connections per
 * address, unauthenticated ones, and per tenant; requests in progress per connection; and bytes of
 * unfinished input, requests and responses, per connection, per address and in total.
 *
 * <p>The server's own limits do not suffice. A response that the client does not read has met the
 * request timeout, and is held by HTTP/2 flow control or pipelining indefinitely; a connection with
 * a request in progress is not idle.
 *
 * <p>Above a limit a connection is closed, never queued, since waiting does not free what a stalled
 * peer holds. A trusted proxy's connection is shared: above its limit only the excess exchange is
 * rejected. At the limit of unauthenticated connections, a new one replaces one of them.
 */
public final class Connections implements AutoCloseable {
  /** Maximum size of a buffer that a connection is read into, in bytes. */
  public static final int READ_BUFFER = 16 << 10;

  /** Cost of a request besides headers and body. */
  static final int REQUEST_OVERHEAD = 4096;

  /** Cost of a header besides its characters. */
  static final int HEADER_OVERHEAD = 160;

  private static final AttributeKey<Connection> CONNECTION =
      AttributeKey.valueOf(Connections.class, "connection");

  /** The tenant of a trusted proxy's request, once it is authenticated. */
  private static final AttributeKey<String> TENANT =
      AttributeKey.valueOf(Connections.class, "tenant");

  private static final int AUTHENTICATED_SHARE = 4;

  /** Methods whose body a service may read. */
  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PATCH, HttpMethod.PUT);

  /** The connection of an older request may be closed for a new one. */
  static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String server;
  private final HttpLimits limits;
  private final PeerAddresses addresses;
  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService sweeper;

  private final RequestMetrics requests;
  private final UnreadShares shares;
  private final ResetBudget resets = new ResetBudget();

  /** Guarded by this, like the collections below. */
  private final Map<Object, Integer> byAddress = new HashMap<>();

  private final Map<String, Integer> byTenant = new HashMap<>();

  private final UnauthenticatedConnections unauthenticated = new UnauthenticatedConnections();

  /**
   * Creates the connections of a server.
   *
   * @param server name of the server, for metrics
   */
  public Connections(
      String server, HttpLimits limits, MeterRegistry registry, LongSupplier nanoTime) {
    this.server = server;
    this.limits = limits;
    this.addresses = new PeerAddresses(AddressSet.of(limits.trustedProxies()));
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.requests = new RequestMetrics(registry);
    this.shares = new UnreadShares(limits, nanoTime);
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            ThreadFactories.newThreadFactory("postflight-connections", true));
    ApiMetric.UNREAD_BYTES.gauge(registry, Tags.of("server", server), shares::used);
    ApiMetric.CONNECTIONS.gauge(registry, Tags.of("server", server), open::size);
    var unused = sweeper.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * The connection of a request, as a key for resources held elsewhere.
   *
   * @throws IllegalStateException if the request does not belong to such a server
   */
  public static Peer peer(RequestContext ctx) {
    Connection connection = connection(ctx);
    if (connection == null) {
      throw new IllegalStateException("the connection of " + ctx.id() + " is not known");
    }
    return connection;
  }

  /** Marks the current request's connection as authenticated by a tenant. */
  static void authenticated(String tenant) {
    RequestContext ctx = ServiceRequestContext.currentOrNull();
    if (ctx != null) {
      authenticated(ctx, tenant);
    }
  }

  /** Marks a request's connection as authenticated by a tenant. */
  public static void authenticated(RequestContext ctx, String tenant) {
    Connection connection = connection(ctx);
    if (connection != null) {
      connection.authenticated(tenant);
      if (connection.address() == null) {
        ctx.setAttr(TENANT, tenant);
      }
    }
  }

  private static @Nullable Connection connection(RequestContext ctx) {
    Channel channel = ctx.log().partial().channel();
    return channel == null ? null : channel.attr(CONNECTION).get();
  }

  /** Counts the streams of an HTTP/2 channel, and rejects those above a limit. */
  static void countStreams(Channel channel, Http2ConnectionHandler handler) {
    Connection connection = channel.attr(CONNECTION).get();
    if (connection != null && !connection.isCountingStreams()) {
      Http2Streams.count(handler, connection);
    }
  }

  /** Counts the unfinished input of a channel. */
  static void countInput(Channel channel, UnfinishedInput input) {
    Connection connection = channel.attr(CONNECTION).get();
    if (connection != null) {
      connection.counts(input);
    }
  }

  /** Counts small chunks of a channel like frames; false if the connection is closed. */
  static boolean countFrames(Channel channel, long number) {
    Connection connection = channel.attr(CONNECTION).get();
    return connection == null || connection.frames(number);
  }

  /** The response of a channel precedes the end of its request. */
  static void answersEarly(Channel channel) {
    Connection connection = channel.attr(CONNECTION).get();
    if (connection != null) {
      connection.answersEarly();
    }
  }

  /**
   * For {@code ServerBuilder.childChannelPipelineCustomizer}: admits or rejects a new connection.
   */
  public void accept(ChannelPipeline pipeline) {
    Channel channel = pipeline.channel();
    Connection connection = new Connection(this, channel, addresses.of(channel));
    String refusal = admit(connection);
    if (refusal != null) {
      count(refusal);
      shares.release(connection);
      // Avoids TIME_WAIT for a connection that was not served.
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.unsafe().close(channel.newPromise());
      return;
    }
    channel.attr(CONNECTION).set(connection);
    open.add(connection);
    channel.closeFuture().addListener(unused -> closed(connection));
    pipeline.addFirst(connection);
  }

  /** Decorates every service. */
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    Connection connection = connection(ctx);
    if (connection == null) {
      return delegate.serve(ctx, request);
    }
    long bytes = 0;
    if (!connection.isCountingStreams()) {
      bytes = REQUEST_OVERHEAD + size(request.headers());
      if (!connection.begin(bytes)) {
        return HttpResponse.ofFailure(ClosedSessionException.get());
      }
    }
    Exchange.track(ctx, connection, requests, bytes);
    if (connection.refuses(0)) {
      throw tooMuch();
    }
    if (!WITH_BODY.contains(request.method())) {
      // No service reads it; it would stay in memory as long as the request.
      var unused = request.subscribe();
    }
    HttpResponse response = delegate.serve(ctx, request);
    return connection.address() != null
        ? response
        : response.mapHeaders(
            headers -> {
              holdProxied(ctx, connection, Math.max(0, headers.contentLength()));
              return headers;
            });
  }

  /** Rejects a response on a trusted proxy's connection above a limit. */
  private void holdProxied(ServiceRequestContext ctx, Connection connection, long bytes) {
    if (connection.refuses(bytes)) {
      throw tooMuch();
    }
    String tenant = ctx.attr(TENANT);
    if (tenant != null) {
      if (!shares.addProxied(tenant, bytes)) {
        throw Problem.unavailable("this tenant has too many unread responses");
      }
      var unused = ctx.log().whenComplete().thenRun(() -> shares.removeProxied(tenant, bytes));
    }
  }

  private static Problem tooMuch() {
    return Problem.unavailable("the connection has too many unread responses");
  }

  /** Closes connections that have not read a response for too long. */
  void sweep() {
    long now = nanoTime.getAsLong();
    open.forEach(connection -> connection.closeIfStalled(now));
  }

  HttpLimits limits() {
    return limits;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  void count(String reason) {
    ApiMetric.CONNECTIONS_CLOSED
        .counter(registry, Tags.of("server", server, "reason", reason))
        .increment();
  }

  PeerAddresses addresses() {
    return addresses;
  }

  UnreadShares shares() {
    return shares;
  }

  /** Adds to the bytes held by a connection, and closes those whose share is exceeded. */
  void hold(Connection connection, long bytes) {
    shares.add(connection, bytes).forEach(Connection::close);
  }

  /** Closing starts: the connection is no longer a candidate, but its bytes are still in use. */
  void closing(Connection connection, String reason) {
    count(reason);
    shares.evict(connection);
  }

  /**
   * Counts a reset; false if the connection, or its network if unauthenticated, exceeds its limit.
   */
  boolean mayReset(Connection connection) {
    return resets.spend(resetting(connection), 1, nanoTime.getAsLong());
  }

  /** Who may reset so many: a network, since connections are cheap, or what is authenticated. */
  private static Object resetting(Connection connection) {
    return connection.tenant() == null && connection.address() != null
        ? PeerAddresses.network(connection.address())
        : connection;
  }

  /** An unauthenticated connection started its only request or ended its last. */
  synchronized void moved(Connection connection, boolean inProgress) {
    if (unauthenticated.remove(connection)) {
      unauthenticated.add(connection, inProgress);
    }
  }

  /** Moves a connection to the authenticated ones, unless its tenant's share is used up. */
  synchronized void promote(Connection connection, String tenant) {
    int most = Math.max(1, limits.maxConnections() / AUTHENTICATED_SHARE);
    if (byTenant.getOrDefault(tenant, 0) < most && unauthenticated.remove(connection)) {
      byTenant.merge(tenant, 1, Integer::sum);
      shares.authenticated(connection, tenant);
    }
  }

  /** Null if admitted, else the reason. */
  private @Nullable String admit(Connection connection) {
    Connection evicted = null;
    Object address = connection.address();
    if (address != null && resets.exhausted(resetting(connection), nanoTime.getAsLong())) {
      return "resets";
    }
    synchronized (this) {
      if (address != null
          && byAddress.getOrDefault(address, 0) >= limits.maxConnectionsPerAddress()) {
        return "address_limit";
      }
      if (unauthenticated.size() >= Math.max(1, limits.maxConnections() / 2)) {
        evicted = unauthenticated.replacedBy(connection, nanoTime.getAsLong());
        if (evicted == null) {
          return "unauthenticated_limit";
        }
        unauthenticated.remove(evicted);
      }
      if (address != null) {
        byAddress.merge(address, 1, Integer::sum);
      }
      unauthenticated.add(connection, false);
    }
    if (evicted != null) {
      evicted.close("evicted");
    }
    return null;
  }

  private void closed(Connection connection) {
    open.remove(connection);
    if (connection.tenant() != null) {
      resets.forget(connection);
    } else if (connection.address() != null && connection.requests() > 0) {
      // Instead of a reset each, which costs as much.
      resets.spend(resetting(connection), connection.requests(), nanoTime.getAsLong());
    }
    synchronized (this) {
      unauthenticated.remove(connection);
      if (connection.address() != null) {
        byAddress.computeIfPresent(connection.address(), (key, n) -> n == 1 ? null : n - 1);
      }
      if (connection.tenant() != null) {
        byTenant.computeIfPresent(connection.tenant(), (key, n) -> n == 1 ? null : n - 1);
      }
    }
  }

  private static long size(HttpHeaders headers) {
    long size = headers instanceof RequestHeaders request ? request.path().length() : 0;
    for (var header : headers) {
      size += header.getKey().length() + (long) header.getValue().length() + HEADER_OVERHEAD;
    }
    return size;
  }

  /** Stops the sweeper; the server closes the connections. */
  @Override
  public void close() {
    sweeper.shutdownNow();
  }
}
