package io.postflight.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postflight.api.erasure.ErasureBackend;
import io.postflight.api.explain.EventLog;
import io.postflight.api.gateway.EventValidator;
import io.postflight.api.gateway.IntakeBackend;
import io.postflight.api.http.Dependency;
import io.postflight.api.http.OperatorKey;
import io.postflight.api.query.CursorSecret;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.signature.ProviderSecrets;
import io.postflight.schema.signature.TestKeys;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.EventStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A server with tenants, and a client. */
final class TestApi implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  static final String ACME_KEY = "pf_acme1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  static final String OPERATOR_KEY = "pf_operator1_oooooooooooooooooooooooooooooooooooooooo";
  static final String ACME_READ_KEY = "pf_acme2_rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr";
  static final String ACME_ERASE_KEY = "pf_acme3_eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
  static final String GLOBEX_ERASE_KEY = "pf_globex3_ffffffffffffffffffffffffffffffffffffffff";
  static final String MOVER_ERASE_KEY = "pf_mover2_gggggggggggggggggggggggggggggggggggggggg";
  static final String GLOBEX_KEY = "pf_globex1_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
  static final String MOVER_KEY = "pf_mover1_cccccccccccccccccccccccccccccccccccccccc";
  static final String WRITE_ONLY_KEY = "pf_globex2_dddddddddddddddddddddddddddddddddddddddd";

  private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:events";
  static final Map<String, Map<String, String>> SECRETS =
      Map.ofEntries(
          Map.entry(
              "whatsapp", Map.of("appSecret", "meta-app-secret", "verifyToken", "verify-token")),
          Map.entry("wasender", Map.of("webhookSecret", "wasender-webhook-secret")),
          Map.entry("twilio", Map.of("authToken", "twilio-auth-token")),
          Map.entry("events", Map.of("signingSecret", "events-signing-secret")),
          Map.entry("whatsapp-onprem", Map.of("hookSecret", "turn-hook-secret")),
          Map.entry("vonage", Map.of("signatureSecret", "vonage-signature-secret")),
          Map.entry("infobip", Map.of("token", "infobip-url-token")),
          Map.entry("sinch", Map.of("webhookSecret", "sinch-webhook-secret")),
          Map.entry("messagebird", Map.of("signingKey", "messagebird-signing-key")),
          Map.entry(
              "sendgrid",
              Map.of(
                  "verificationKey",
                  TestKeys.SENDGRID_PUBLIC,
                  "signingKey",
                  TestKeys.SENDGRID_PRIVATE)),
          Map.entry("aws", Map.of("accessKey", "firehose-access-key", "topicArn", TOPIC)),
          Map.entry("firetext", Map.of("token", "firetext-url-token")),
          Map.entry("standard", Map.of("signingSecret", "whsec_c3RhbmRhcmQtc2VjcmV0")));

  private static final ObjectMapper JSON = new ObjectMapper();

  final FixedTenants tenants =
      FixedTenants.of(
          tenant(
              "acme",
              List.of(new TierPeriod("30d", 0L)),
              Map.of(
                  ACME_KEY,
                  List.of("read", "write"),
                  ACME_READ_KEY,
                  List.of("read"),
                  ACME_ERASE_KEY,
                  List.of("erase")),
              SECRETS),
          tenant(
              "globex",
              List.of(new TierPeriod("15d", 0L)),
              Map.of(
                  GLOBEX_KEY,
                  List.of("read", "write"),
                  WRITE_ONLY_KEY,
                  List.of("write"),
                  GLOBEX_ERASE_KEY,
                  List.of("erase")),
              Map.of()),
          tenant(
              "mover",
              List.of(
                  new TierPeriod("15d", 0L),
                  new TierPeriod("30d", NOW.minusSeconds(86_400).toEpochMilli())),
              Map.of(MOVER_KEY, List.of("read"), MOVER_ERASE_KEY, List.of("erase")),
              Map.of()));
  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** The deliveries of events; a test may replace it. */
  volatile EventLog log =
      (tenant, message, since) ->
          CompletableFuture.completedFuture(new EventLog.Deliveries(List.of(), true));

  final ApiServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestApi(
      List<? extends EventStore> stores,
      ErasureBackend erasing,
      IntakeBackend intake,
      List<Dependency> dependencies,
      UnaryOperator<ApiSettings> change,
      InstantSource clock) {
    ApiSettings settings =
        ApiSettings.of("127.0.0.1", 0, CursorSecret.of("a secret for cursors in tests"))
            .withOperatorKey(new OperatorKey(Optional.of(ApiKeys.sha256(OPERATOR_KEY))));
    server =
        ApiServer.start(
            change.apply(settings),
            new ApiServices(
                tenants,
                stores,
                intake,
                erasing,
                (tenant, message, since) -> log.of(tenant, message, since),
                dependencies),
            registry,
            clock);
  }

  /** For queries: produced records are discarded. */
  static TestApi reading(EventStore... stores) {
    return reading(UnaryOperator.identity(), stores);
  }

  static TestApi reading(UnaryOperator<ApiSettings> change, EventStore... stores) {
    return erasing(change, List.of(stores), new ErasureBackend(new InMemoryCommandLog()));
  }

  static TestApi reading(TwoTiers tiers) {
    return reading(UnaryOperator.identity(), tiers);
  }

  static TestApi reading(UnaryOperator<ApiSettings> change, TwoTiers tiers) {
    return reading(change, tiers.stores().toArray(EventStore[]::new));
  }

  /** For erasure commands; other produced records are discarded. */
  static TestApi erasing(
      UnaryOperator<ApiSettings> change,
      List<? extends EventStore> stores,
      ErasureBackend erasing) {
    return erasing(change, stores, erasing, InstantSource.fixed(NOW));
  }

  static TestApi erasing(
      UnaryOperator<ApiSettings> change,
      List<? extends EventStore> stores,
      ErasureBackend erasing,
      InstantSource clock) {
    return new TestApi(
        stores,
        erasing,
        new IntakeBackend(discarding(), TestApi::validate),
        List.of(),
        change,
        clock);
  }

  /** For events; they are discarded. */
  static TestApi validating(EventValidator validator) {
    return new TestApi(
        List.of(),
        new ErasureBackend(new InMemoryCommandLog()),
        new IntakeBackend(discarding(), validator),
        List.of(),
        UnaryOperator.identity(),
        InstantSource.fixed(NOW));
  }

  /** For webhooks, with certificates of SNS from elsewhere. */
  static TestApi receiving(IntakeBackend intake, UnaryOperator<ApiSettings> change) {
    return new TestApi(
        List.of(),
        new ErasureBackend(new InMemoryCommandLog()),
        intake,
        List.of(),
        change,
        InstantSource.fixed(NOW));
  }

  private static Producer<byte[], byte[]> discarding() {
    return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static TestApi writing(
      Producer<byte[], byte[]> producer,
      List<Dependency> dependencies,
      UnaryOperator<ApiSettings> change) {
    return new TestApi(
        List.of(),
        new ErasureBackend(new InMemoryCommandLog()),
        new IntakeBackend(producer, TestApi::validate),
        dependencies,
        change,
        InstantSource.fixed(NOW));
  }

  /** An approximation of the normalizer: an event needs a message or a user. */
  private static List<EventValidator.Validation> validate(String tenant, byte[] body) {
    JsonNode events;
    try {
      events = JSON.readTree(body);
    } catch (IOException notJson) {
      return List.of(
          new EventValidator.Validation.InvalidEvent(
              RejectionReason.MALFORMED_BODY, "the body is not JSON"));
    }
    List<EventValidator.Validation> results = new ArrayList<>();
    for (JsonNode event : events.isArray() ? events : List.of(events)) {
      String subject = event.path("messageId").asText(event.path("userId").asText());
      results.add(
          subject.isEmpty()
              ? new EventValidator.Validation.InvalidEvent(
                  RejectionReason.MISSING_MESSAGE_ID, "the entry does not name its message")
              : new EventValidator.Validation.ValidEvent(
                  "event-of-" + subject, event.path("eventTime").asText().startsWith("2009")));
    }
    return results;
  }

  static Tenant tenant(
      String id,
      List<TierPeriod> tiers,
      Map<String, List<String>> keys,
      Map<String, Map<String, String>> secrets) {
    return new Tenant(
        id,
        tiers,
        List.of(new ShardVersion(2, 0L)),
        List.of(new ShardVersion(2, 0L)),
        keys.entrySet().stream()
            .map(each -> ApiKeys.kept(each.getKey(), each.getValue(), 0))
            .toList(),
        secrets);
  }

  /** The secrets of tenant acme for a provider. */
  static ProviderSecrets secrets(String provider) {
    return ProviderSecrets.of(SECRETS.getOrDefault(provider, Map.of()));
  }

  /** A secret of tenant acme. */
  static String secret(String provider, String name) {
    return SECRETS.getOrDefault(provider, Map.of()).getOrDefault(name, "");
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException notJson) {
      throw new UncheckedIOException("not JSON: " + response.body(), notJson);
    }
  }

  URI uri(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + server.port() + pathAndQuery);
  }

  HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(uri(pathAndQuery));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return sendAsync(request).join();
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client
        .sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(TestApi::documented);
  }

  /** Fails if the OpenAPI document does not have such a response. */
  private static HttpResponse<String> documented(HttpResponse<String> response) {
    ApiContract.DOCUMENT
        .violation(response)
        .ifPresent(
            violation -> {
              throw new AssertionError("openapi.json has no " + violation);
            });
    return response;
  }

  HttpResponse<String> get(String pathAndQuery, String key) {
    return send(request(pathAndQuery).header("Authorization", "Bearer " + key));
  }

  HttpResponse<String> delete(String pathAndQuery, String key) {
    return send(request(pathAndQuery).DELETE().header("Authorization", "Bearer " + key));
  }

  HttpResponse<String> patch(String pathAndQuery, String key, String body) {
    return send(
        request(pathAndQuery)
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + key));
  }

  HttpResponse<String> get(String pathAndQuery) {
    return send(request(pathAndQuery));
  }

  HttpResponse<String> post(String path, byte[] body, String... headers) {
    HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** Closes immediately, without the grace period of connections. */
  void closeLater() {
    Thread closing = new Thread(this::close, "close-test-api");
    closing.setDaemon(true);
    closing.start();
  }

  @Override
  public void close() {
    server.close();
  }
}
