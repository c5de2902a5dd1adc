package io.postflight.api;

import static io.postflight.api.SignedWebhooks.PUBLIC_URL;
import static io.postflight.api.SignedWebhooks.bytes;
import static io.postflight.api.SignedWebhooks.headers;
import static io.postflight.api.SignedWebhooks.signature;
import static io.postflight.api.TestApi.SECRETS;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.api.http.Dependency;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.Topics;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The gateway over a real broker. */
final class GatewayTest {
  private static final int LIMIT = 3 << 20;
  private static final Topics TOPICS = new Topics(SharedServers.uniqueName("gateway") + ".");

  private static KafkaProducer<byte[], byte[]> producer;
  private static RawTopicReader raw;
  private static Admin admin;
  private static TestApi api;

  @BeforeAll
  static void start() {
    SharedServers.kafka()
        .createTopics(
            new NewTopic(TOPICS.rawWebhooks(), 1, (short) 1)
                .configs(Map.of("max.message.bytes", Integer.toString(4 << 20))));
    producer =
        new KafkaProducer<>(
            KafkaSender.producerConfig(
                Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers())));
    raw = new RawTopicReader(SharedServers.kafka().bootstrapServers(), TOPICS.rawWebhooks());
    admin = SharedServers.kafka().admin();
    api =
        TestApi.writing(
            producer,
            List.of(Dependency.kafka(admin)),
            settings ->
                settings
                    .withTopics(TOPICS)
                    .withGateway(GatewaySettings.DEFAULTS.withPublicUrl(PUBLIC_URL + '/')));
  }

  @AfterAll
  static void stop() {
    api.close();
    admin.close();
    raw.close();
    producer.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  void signed_bytes_are_in_kafka_unchanged_before_the_200(String provider) {
    byte[] body = "{ \"caf\\u00e9\" : [1,2 ] }\r\n".getBytes(StandardCharsets.UTF_8);
    long before = raw.end();

    HttpResponse<String> response =
        signed(provider, "acme", "application/json; charset=utf-8", body, "X-Request-Id", "r-1");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    ConsumerRecord<byte[], byte[]> record = raw.only(before);
    assertThat(record.value()).isEqualTo(body);
    assertThat(record.key()).isNull();
    assertThat(headers(record))
        .containsEntry(RawHeaders.PROVIDER, provider)
        .containsEntry(RawHeaders.TENANT, "acme")
        .containsEntry(RawHeaders.TENANTS_VERSION, "3")
        .containsEntry(RawHeaders.RECEIVED_AT, Long.toString(TestApi.NOW.toEpochMilli()))
        .containsEntry(RawHeaders.REQUEST_ID, "r-1")
        .containsEntry(RawHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
        .doesNotContainKey(RawHeaders.METHOD);
    assertThat(headers(record).values())
        .noneMatch(value -> value.contains("wasender-webhook-secret"));
  }

  @Test
  void the_evidence_of_the_signature_is_stored() {
    long before = raw.end();
    signed("whatsapp", "acme", "application/json", bytes("{}"));
    signed("twilio", "acme", "application/x-www-form-urlencoded", bytes("MessageSid=SM1"));

    List<ConsumerRecord<byte[], byte[]>> records = raw.since(before, 2);

    assertThat(headers(records.get(0)).get("x-hub-signature-256")).startsWith("sha256=");
    assertThat(headers(records.get(1)))
        .containsKey("x-twilio-signature")
        .containsEntry("signed-url", PUBLIC_URL + "/webhooks/twilio/acme");
  }

  @Test
  void a_wrong_signature_is_401_and_nothing_is_stored() {
    long before = raw.end();

    for (String provider : List.of("whatsapp", "wasender", "twilio", "events")) {
      HttpResponse<String> response =
          api.post(
              "/webhooks/" + provider + "/acme",
              bytes("{}"),
              "X-Hub-Signature-256",
              "sha256=00",
              "X-Webhook-Signature",
              "wrong",
              "X-Twilio-Signature",
              "wrong",
              "X-Postflight-Signature",
              "sha256=00");
      assertThat(response.statusCode()).as(provider).isEqualTo(401);
    }
    assertThat(signed("whatsapp", "globex", "application/json", bytes("{}")).statusCode())
        .as("a tenant without a secret")
        .isEqualTo(401);

    assertThat(raw.end()).isEqualTo(before);
  }

  @Test
  void unknown_tenants_and_unknown_providers_give_the_same_response() {
    HttpResponse<String> tenant =
        api.post("/webhooks/whatsapp/nobody", bytes("{}"), "X-Request-Id", "r");
    HttpResponse<String> provider =
        api.post("/webhooks/nobody/acme", bytes("{}"), "X-Request-Id", "r");

    assertThat(tenant.statusCode()).isEqualTo(404);
    assertThat(tenant.body()).isEqualTo(provider.body());
    assertThat(tenant.headers().map().keySet()).isEqualTo(provider.headers().map().keySet());
  }

  @Test
  void a_body_of_3_mib_is_accepted_and_one_byte_more_is_not() {
    byte[] body = new byte[LIMIT];
    new Random(1).nextBytes(body);
    long before = raw.end();

    assertThat(signed("whatsapp", "acme", "application/json", body).statusCode()).isEqualTo(200);
    assertThat(raw.only(before).value()).isEqualTo(body);
    HttpResponse<String> more =
        api.post("/webhooks/whatsapp/acme", new byte[LIMIT + 1], "X-Hub-Signature-256", "x");
    assertThat(more.statusCode()).isEqualTo(413);
    assertThat(json(more).get("detail").asText()).contains(Integer.toString(LIMIT));
  }

  @Test
  void a_chunked_body_has_the_same_limit() {
    byte[] body = bytes("{\"chunked\":true}");
    long before = raw.end();
    Signature signature = signature("whatsapp", "acme", "application/json", body);

    HttpResponse<String> small = chunked(body, signature);
    HttpResponse<String> huge = chunked(new byte[2 * LIMIT], signature);

    assertThat(small.statusCode()).isEqualTo(200);
    assertThat(raw.only(before).value()).isEqualTo(body);
    assertThat(huge.statusCode()).isEqualTo(413);
  }

  @Test
  void an_empty_body_is_400_and_a_compressed_one_415() {
    assertThat(api.post("/webhooks/whatsapp/acme", new byte[0]).statusCode()).isEqualTo(400);
    HttpResponse<String> compressed =
        api.post("/webhooks/whatsapp/acme", bytes("x"), "Content-Encoding", "gzip");
    assertThat(compressed.statusCode()).isEqualTo(415);
    assertThat(json(compressed).get("detail").asText()).contains("gzip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "\u0000\u0001", "[[[[[[[[", "null", "=&=", "\ufeff{}"})
  void any_body_with_a_valid_signature_is_stored(String body) {
    long before = raw.end();

    assertThat(signed("whatsapp", "acme", "text/odd", bytes(body)).statusCode()).isEqualTo(200);

    assertThat(raw.only(before).value()).isEqualTo(bytes(body));
  }

  @Test
  void a_get_of_twilio_is_stored_as_its_query_string() {
    String query = "MessageSid=SM1&MessageStatus=sent&Body=a%20b%2Bc";
    Signature signature =
        SignatureChecks.of("twilio")
            .orElseThrow()
            .sign(
                SignedRequest.get(PUBLIC_URL + "/webhooks/twilio/acme?" + query, Map.of()),
                TestApi.secrets("twilio"));
    long before = raw.end();

    HttpResponse<String> response =
        api.send(
            api.request("/webhooks/twilio/acme?" + query)
                .header("X-Twilio-Signature", signature.headers().get("X-Twilio-Signature")));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(raw.only(before).value()).isEqualTo(bytes(query));
    assertThat(headers(raw.only(before))).containsEntry(RawHeaders.METHOD, "GET");
  }

  @Test
  void metas_challenge_is_returned_for_the_right_token_only() {
    String path = "/webhooks/whatsapp/acme?hub.mode=subscribe&hub.challenge=115&hub.verify_token=";

    HttpResponse<String> right = api.get(path + "verify-token");

    assertThat(right.statusCode()).isEqualTo(200);
    assertThat(right.body()).isEqualTo("115");
    assertThat(right.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
    assertThat(api.get(path + "verify-tokem").statusCode()).isEqualTo(403);
    assertThat(api.get(path + "verify-token&hub.verify_token=x").statusCode()).isEqualTo(400);
    assertThat(api.get("/webhooks/whatsapp/acme").statusCode()).isEqualTo(403);
    assertThat(api.get(path.replace("acme", "globex")).statusCode()).isEqualTo(403);
    assertThat(api.get(path.replace("acme", "nobody") + "verify-token").statusCode())
        .isEqualTo(404);
  }

  @Test
  void an_event_older_than_the_retention_is_marked_in_the_answer() {
    byte[] body =
        bytes("[{\"userId\":\"u-1\",\"eventTime\":\"2009-02-01T00:00:00Z\"},{\"userId\":\"u-2\"}]");

    HttpResponse<String> taken =
        api.post("/v1/events", body, "Authorization", "Bearer " + TestApi.ACME_KEY);

    assertThat(taken.statusCode()).isEqualTo(202);
    assertThat(taken.body())
        .isEqualTo(
            "{\"items\":[{\"eventId\":\"event-of-u-1\",\"expired\":true},"
                + "{\"eventId\":\"event-of-u-2\"}]}");
  }

  @Test
  void own_events_are_202_with_a_key_that_may_write() {
    byte[] body = bytes("{\"userId\":\"u-1\",\"type\":\"product_viewed\"}");
    long before = raw.end();

    HttpResponse<String> taken =
        api.post("/v1/events", body, "Authorization", "Bearer " + TestApi.ACME_KEY);

    assertThat(taken.statusCode()).isEqualTo(202);
    assertThat(raw.only(before).value()).isEqualTo(body);
    assertThat(headers(raw.only(before)))
        .containsEntry(RawHeaders.PROVIDER, "events")
        .containsEntry(RawHeaders.TENANT, "acme")
        .doesNotContainKey("authorization");
    assertThat(api.post("/v1/events", body).statusCode()).isEqualTo(401);
    assertThat(
            api.post("/v1/events", body, "Authorization", "Bearer " + TestApi.ACME_READ_KEY)
                .statusCode())
        .isEqualTo(403);
    assertThat(
            api.post("/webhooks/events/acme", body, "Authorization", "Bearer " + TestApi.ACME_KEY)
                .statusCode())
        .isEqualTo(200);
    assertThat(
            api.post("/webhooks/events/acme", body, "Authorization", "Bearer " + TestApi.GLOBEX_KEY)
                .statusCode())
        .as("a key of another tenant")
        .isEqualTo(401);
  }

  @Test
  void own_events_are_reported_individually_in_the_order_given() {
    byte[] body = bytes("[{\"messageId\":\"m-1\"},{\"status\":\"SENT\"},{\"userId\":\"u-1\"}]");
    long before = raw.end();

    HttpResponse<String> taken =
        api.post("/v1/events", body, "Authorization", "Bearer " + TestApi.ACME_KEY);

    assertThat(taken.statusCode()).isEqualTo(202);
    assertThat(json(taken).at("/items/0/eventId").asText()).isEqualTo("event-of-m-1");
    assertThat(json(taken).at("/items/1/problem/reason").asText()).isEqualTo("MISSING_MESSAGE_ID");
    assertThat(json(taken).at("/items/1/problem/detail").asText()).isNotBlank();
    assertThat(json(taken).at("/items/1").has("eventId")).isFalse();
    assertThat(json(taken).at("/items/2/eventId").asText()).isEqualTo("event-of-u-1");
    assertThat(raw.only(before).value()).as("as received").isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "[]", "{}", "[{},{}]", "\"text\""})
  void a_body_without_a_valid_event_is_rejected_and_not_stored(String body) {
    long before = raw.end();

    HttpResponse<String> refused =
        api.post("/v1/events", bytes(body), "Authorization", "Bearer " + TestApi.ACME_KEY);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(json(refused).get("detail").asText()).isNotBlank();
    assertThat(json(refused).get("items")).allMatch(item -> item.has("problem"));
    assertThat(raw.end()).isEqualTo(before);
  }

  @Test
  void readiness_depends_on_kafka() {
    assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
    JsonNode kafka =
        json(api.get("/health/status", TestApi.OPERATOR_KEY)).at("/dependencies/kafka");
    assertThat(kafka.get("ready").asBoolean()).isTrue();
    assertThat(kafka.get("necessary").asBoolean()).isTrue();
  }

  @Test
  void webhooks_are_counted_by_outcome() {
    signed("whatsapp", "acme", "application/json", bytes("{}"));
    api.post("/webhooks/whatsapp/acme", bytes("{}"));

    assertThat(api.get("/metrics", TestApi.OPERATOR_KEY).body())
        .contains("postflight_webhooks_total{outcome=\"accepted\",provider=\"whatsapp\"}")
        .contains("postflight_webhooks_total{outcome=\"unauthorized\",provider=\"whatsapp\"}")
        .contains("postflight_gateway_buffered_bytes 0.0");
  }

  @Test
  void secrets_and_keys_are_not_logged() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Level level = root.getLevel();
    log.start();
    root.addAppender(log);
    root.setLevel(Level.DEBUG);
    try {
      signed("wasender", "acme", "application/json", bytes("{}"));
      api.post("/webhooks/wasender/acme", bytes("{}"), "X-Webhook-Signature", "wrong");
      api.get("/webhooks/whatsapp/acme?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x");
      api.post(
          "/v1/events", bytes("{\"userId\":\"u\"}"), "Authorization", "Bearer " + TestApi.ACME_KEY);
      api.get("/v1/messages/m", TestApi.GLOBEX_KEY);
    } finally {
      root.setLevel(level);
      root.detachAppender(log);
    }

    List<String> secrets = new ArrayList<>(List.of(TestApi.ACME_KEY, TestApi.GLOBEX_KEY));
    SECRETS.values().forEach(each -> secrets.addAll(each.values()));
    assertThat(List.copyOf(log.list))
        .filteredOn(event -> !event.getLoggerName().startsWith("jdk."))
        .allSatisfy(event -> assertThat(event.getFormattedMessage()).doesNotContain(secrets));
  }

  private static HttpResponse<String> chunked(byte[] body, Signature signature) {
    HttpRequest.Builder request =
        api.request("/webhooks/whatsapp/acme")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    signature.headers().forEach(request::header);
    return api.send(request);
  }

  private static HttpResponse<String> signed(
      String provider, String tenant, String contentType, byte[] body, String... more) {
    Signature signature = signature(provider, tenant, contentType, body);
    List<String> headers = new ArrayList<>(List.of("Content-Type", contentType));
    headers.addAll(List.of(more));
    signature.headers().forEach((name, value) -> headers.addAll(List.of(name, value)));
    return api.post(
        signature.url().substring(PUBLIC_URL.length()), body, headers.toArray(String[]::new));
  }
}
