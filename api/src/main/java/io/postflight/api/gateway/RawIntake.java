package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Connections;
import io.postflight.api.http.Problem;
import io.postflight.api.http.ProblemException;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.RawHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * From a request's bytes to a record of {@code raw.webhooks}: read, verify, append, in this order.
 */
final class RawIntake {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(RawIntake.class));

  /** A signature over more than this is computed off the event loop. */
  private static final int LARGE = 128 * 1024;

  private final RawTopic topic;
  private final BufferBudget budget;
  private final int maxBodyBytes;
  private final ArrivalClock arrivals;

  RawIntake(RawTopic topic, BufferBudget budget, int maxBodyBytes, ArrivalClock arrivals) {
    this.topic = topic;
    this.budget = budget;
    this.maxBodyBytes = maxBodyBytes;
    this.arrivals = arrivals;
  }

  /** Says whether a body is its sender's own. */
  @FunctionalInterface
  interface BodyVerifier {
    /**
     * The headers to keep as evidence.
     *
     * @throws ProblemException if it is not
     */
    Map<String, String> verify(byte[] body);
  }

  /** Takes the body in; completes once Kafka has it, fails with a {@link ProblemException}. */
  CompletableFuture<Void> takeBody(
      ServiceRequestContext ctx, HttpRequest request, Address address, BodyVerifier verify) {
    BufferBudget.Share share = budget.open(Connections.peer(ctx), address.tenant());
    return BodyReader.read(ctx, request, maxBodyBytes, share)
        .thenComposeAsync(
            body -> {
              if (body.length == 0) {
                throw Problem.badRequest("the body is empty").asException();
              }
              Executor executor = body.length > LARGE ? ctx.blockingTaskExecutor() : Runnable::run;
              return CompletableFuture.supplyAsync(() -> verify.verify(body), executor)
                  .thenCompose(
                      evidence ->
                          append(
                              ctx, body, address, evidence, contentType(request.headers()), null));
            },
            ctx.eventLoop())
        .whenComplete((done, failure) -> share.close());
  }

  /** Takes a query string in, as the value of a record. */
  CompletableFuture<Void> takeQuery(
      ServiceRequestContext ctx, byte[] query, Address address, Map<String, String> evidence) {
    BufferBudget.Share share = budget.open(Connections.peer(ctx), address.tenant());
    if (!share.grow(BufferBudget.OVERHEAD + (long) query.length)) {
      return CompletableFuture.failedFuture(
          Problem.unavailable("too many bytes are waiting for Kafka").asException());
    }
    return append(ctx, query, address, evidence, null, "GET")
        .whenComplete((done, failure) -> share.close());
  }

  private CompletableFuture<Void> append(
      ServiceRequestContext ctx,
      byte[] value,
      Address address,
      Map<String, String> evidence,
      @Nullable String contentType,
      @Nullable String method) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(RawHeaders.PROVIDER, address.provider());
    headers.put(RawHeaders.TENANT, address.tenant());
    headers.put(RawHeaders.TENANTS_VERSION, Long.toString(address.tenantsVersion()));
    headers.put(RawHeaders.RECEIVED_AT, Long.toString(arrivals.now()));
    headers.put(RawHeaders.REQUEST_ID, ctx.id().text());
    if (contentType != null) {
      headers.put(RawHeaders.CONTENT_TYPE, contentType);
    }
    if (method != null) {
      headers.put(RawHeaders.METHOD, method);
    }
    headers.putAll(evidence);
    return topic
        .append(value, headers)
        .handle(
            (done, failure) -> {
              if (failure == null) {
                return null;
              }
              Throwable cause =
                  failure instanceof CompletionException wrapped && wrapped.getCause() != null
                      ? wrapped.getCause()
                      : failure;
              if (cause instanceof RecordTooLargeException) {
                throw Problem.tooLarge(maxBodyBytes).asException();
              }
              WARNINGS.warn(
                  cause.getClass().getName(),
                  "request {}: Kafka did not take the record: {}",
                  ctx.id().text(),
                  cause.toString());
              throw Problem.unavailable("Kafka does not answer; nothing was lost, send it again")
                  .asException();
            });
  }

  private static @Nullable String contentType(RequestHeaders headers) {
    return headers.get(HttpHeaderNames.CONTENT_TYPE);
  }

  /**
   * Where a record is from.
   *
   * @param provider the provider
   * @param tenant the tenant
   * @param tenantsVersion version of the snapshot that the tenant was found in
   */
  record Address(String provider, String tenant, long tenantsVersion) {}
}
