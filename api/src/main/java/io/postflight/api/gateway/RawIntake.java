package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Connections;
import io.postflight.api.http.Peer;
import io.postflight.api.http.Problem;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.RawHeaders;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.LoggerFactory;

/** From a request to a record of {@code raw.webhooks}: read, verify, append, in this order. */
final class RawIntake {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(RawIntake.class));

  /** Signatures over larger bodies are computed off the event loop. */
  private static final int LARGE = 128 * 1024;

  private final KafkaSender sender;
  private final BufferBudget budget;
  private final int maxBodyBytes;
  private final ArrivalClock arrivals;
  private final TenantTurns large = new TenantTurns();

  RawIntake(KafkaSender sender, BufferBudget budget, int maxBodyBytes, ArrivalClock arrivals) {
    this.sender = sender;
    this.budget = budget;
    this.maxBodyBytes = maxBodyBytes;
    this.arrivals = arrivals;
  }

  /** Verifies the authenticity of a body. */
  @FunctionalInterface
  interface BodyVerifier {
    /**
     * Returns the headers to store as evidence.
     *
     * @throws Problem if it is not authentic
     */
    Map<String, String> verify(byte[] body);
  }

  /** Stores the body; completes once Kafka has acknowledged it, fails with a {@link Problem}. */
  CompletableFuture<Void> storeBody(
      ServiceRequestContext ctx, HttpRequest request, Address address, BodyVerifier verify) {
    BufferBudget.Share share = share(ctx, address);
    return BodyReader.read(ctx, request, maxBodyBytes, share)
        .thenComposeAsync(
            body -> {
              if (body.length == 0) {
                throw Problem.badRequest("the body is empty");
              }
              Executor executor =
                  body.length > LARGE ? large.executor(address.tenant(), ctx) : Runnable::run;
              return CompletableFuture.supplyAsync(() -> verify.verify(body), executor)
                  .thenCompose(
                      evidence ->
                          append(ctx, body, address, withContentType(evidence, request.headers())));
            },
            ctx.eventLoop())
        .whenComplete((done, failure) -> share.close());
  }

  /** Stores a query string as the value of a record. */
  CompletableFuture<Void> storeQuery(
      ServiceRequestContext ctx, byte[] query, Address address, Map<String, String> evidence) {
    BufferBudget.Share share = share(ctx, address);
    if (!share.grow(BufferBudget.OVERHEAD + (long) query.length)) {
      share.close();
      return CompletableFuture.failedFuture(
          Problem.unavailable("too many bytes are waiting for Kafka"));
    }
    return append(ctx, query, address, with(evidence, RawHeaders.METHOD, "GET"))
        .whenComplete((done, failure) -> share.close());
  }

  private BufferBudget.Share share(ServiceRequestContext ctx, Address address) {
    Peer peer = Connections.peer(ctx);
    return budget.open(peer, peer.client(ctx.request().headers()), address.tenant());
  }

  private CompletableFuture<Void> append(
      ServiceRequestContext ctx, byte[] value, Address address, Map<String, String> evidence) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(RawHeaders.PROVIDER, address.provider());
    headers.put(RawHeaders.TENANT, address.tenant());
    headers.put(RawHeaders.TENANTS_VERSION, Long.toString(address.tenantsVersion()));
    headers.put(RawHeaders.RECEIVED_AT, Long.toString(arrivals.now()));
    headers.put(RawHeaders.REQUEST_ID, ctx.id().text());
    headers.putAll(evidence);
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(sender.topic(), value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return sender
        .send(() -> record)
        .handle(
            (done, failure) -> {
              if (failure == null) {
                return null;
              }
              Throwable cause = FutureFailures.unwrap(failure);
              if (cause instanceof RecordTooLargeException) {
                throw Problem.tooLarge(maxBodyBytes);
              }
              WARNINGS.warn(
                  cause.getClass().getName(),
                  "request {}: Kafka rejected the record: {}",
                  ctx.id().text(),
                  cause.toString());
              throw Problem.unavailable(
                  "Kafka is unavailable; the request was not stored, send it again");
            });
  }

  private static Map<String, String> withContentType(
      Map<String, String> evidence, RequestHeaders headers) {
    String contentType = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return contentType == null ? evidence : with(evidence, RawHeaders.CONTENT_TYPE, contentType);
  }

  private static Map<String, String> with(Map<String, String> evidence, String key, String value) {
    Map<String, String> more = new LinkedHashMap<>();
    more.put(key, value);
    more.putAll(evidence);
    return more;
  }

  /**
   * Origin of a record.
   *
   * @param provider the provider
   * @param tenant the tenant
   * @param tenantsVersion version of the snapshot with the tenant
   */
  record Address(String provider, String tenant, long tenantsVersion) {}
}
