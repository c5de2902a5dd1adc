package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Connections;
import io.postflight.api.http.Peer;
import io.postflight.api.http.Problem;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.RawHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.slf4j.LoggerFactory;

/** From a request to a record of {@code raw.webhooks}: read, verify, append, in this order. */
final class RawIntake {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(RawIntake.class));

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
     * Returns the headers to store as evidence; fails with a {@link Problem} if it is not
     * authentic.
     *
     * @param on where a body of this size is verified, if not at once
     * @throws Problem if it is not authentic
     */
    CompletableFuture<Map<String, String>> verify(byte[] body, Executor on);
  }

  /** Stores the body; completes once Kafka has acknowledged it, fails with a {@link Problem}. */
  CompletableFuture<Void> storeBody(
      ServiceRequestContext ctx, HttpRequest request, Address address, BodyVerifier verify) {
    BufferBudget.Share share = share(ctx, address);
    return BodyReader.read(ctx, request, maxBodyBytes, share)
        .thenCompose(body -> store(ctx, body, address, verify))
        .whenComplete((done, failure) -> share.close());
  }

  private CompletableFuture<Void> store(
      ServiceRequestContext ctx, byte[] body, Address address, BodyVerifier verify) {
    if (body.length == 0) {
      throw Problem.badRequest("the body is empty");
    }
    Function<Map<String, String>, CompletableFuture<Void>> append =
        evidence -> {
          ProducerRecord<byte[], byte[]> record = record(ctx, body, address, evidence);
          String contentType = ctx.request().headers().get(HttpHeaderNames.CONTENT_TYPE);
          if (contentType != null) {
            add(record.headers(), RawHeaders.CONTENT_TYPE, contentType);
          }
          return append(ctx, record);
        };
    if (body.length <= KafkaSender.LARGE) {
      return verify.verify(body, ctx.eventLoop()).thenCompose(append);
    }
    Executor turns = large.executor(address.tenant(), ctx);
    return CompletableFuture.completedFuture(body)
        .thenComposeAsync(each -> verify.verify(each, turns), turns)
        .thenCompose(append);
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
    ProducerRecord<byte[], byte[]> record = record(ctx, query, address, evidence);
    add(record.headers(), RawHeaders.METHOD, "GET");
    return append(ctx, record).whenComplete((done, failure) -> share.close());
  }

  private BufferBudget.Share share(ServiceRequestContext ctx, Address address) {
    Peer peer = Connections.peer(ctx);
    return budget.open(peer, peer.client(ctx.request().headers()), address.tenant());
  }

  private ProducerRecord<byte[], byte[]> record(
      ServiceRequestContext ctx, byte[] value, Address address, Map<String, String> evidence) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(sender.topic(), value);
    Headers headers = record.headers();
    add(headers, RawHeaders.PROVIDER, address.provider());
    add(headers, RawHeaders.TENANT, address.tenant());
    add(headers, RawHeaders.TENANTS_VERSION, Long.toString(address.tenantsVersion()));
    add(headers, RawHeaders.RECEIVED_AT, Long.toString(arrivals.now()));
    add(headers, RawHeaders.REQUEST_ID, ctx.id().text());
    evidence.forEach((name, text) -> add(headers, name, text));
    return record;
  }

  private CompletableFuture<Void> append(
      ServiceRequestContext ctx, ProducerRecord<byte[], byte[]> record) {
    return sender
        .send(record)
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

  private static void add(Headers headers, String name, String text) {
    headers.add(name, text.getBytes(StandardCharsets.UTF_8));
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
