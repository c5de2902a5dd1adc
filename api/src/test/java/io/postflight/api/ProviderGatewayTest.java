package io.postflight.api;

import static io.postflight.api.SignedWebhooks.PUBLIC_URL;
import static io.postflight.api.SignedWebhooks.bytes;
import static io.postflight.api.SignedWebhooks.headers;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.gateway.IntakeBackend;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import io.postflight.schema.signature.SnsAuthority;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.Topics;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider's webhooks through the gateway, over a real broker. */
final class ProviderGatewayTest {
  private static final Topics TOPICS = new Topics(SharedServers.uniqueName("providers") + ".");

  @TempDir static Path folder;
  private static SnsAuthority sns;
  private static KafkaProducer<byte[], byte[]> producer;
  private static RawTopicReader raw;
  private static TestApi api;
  private static TestApi consenting;

  @BeforeAll
  static void start() throws IOException {
    sns = new SnsAuthority(folder);
    SharedServers.kafka().createTopics(new NewTopic(TOPICS.rawWebhooks(), 1, (short) 1));
    producer =
        new KafkaProducer<>(
            KafkaSender.producerConfig(
                Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers())));
    raw = new RawTopicReader(SharedServers.kafka().bootstrapServers(), TOPICS.rawWebhooks());
    api = api(false);
    consenting = api(true);
  }

  private static TestApi api(boolean confirm) {
    return TestApi.receiving(
        new IntakeBackend(producer, (tenant, body) -> List.of(), sns.fetcher()),
        settings ->
            settings
                .withTopics(TOPICS)
                .withGateway(
                    GatewaySettings.DEFAULTS
                        .withPublicUrl(PUBLIC_URL)
                        .withConfirmedSubscriptions(confirm)));
  }

  @AfterAll
  static void stop() {
    api.close();
    consenting.close();
    raw.close();
    producer.close();
    sns.close();
  }

  @Test
  void refused_callbacks_by_get_are_counted_by_outcome() {
    Map<String, String> answers =
        Map.of(
            "/webhooks/twilio/acme?MessageSid=SM1", "401 unauthorized twilio",
            "/webhooks/twilio/acme", "400 refused twilio",
            "/webhooks/whatsapp/acme?hub.mode=a&hub.mode=b", "400 refused whatsapp",
            "/webhooks/whatsapp/acme?hub.mode=subscribe", "403 verification_refused whatsapp");
    answers.forEach(
        (path, answer) -> {
          String[] expected = answer.split(" ");
          double before = counted(expected[1], expected[2]);

          assertThat(api.get(path).statusCode()).isEqualTo(Integer.parseInt(expected[0]));

          assertThat(counted(expected[1], expected[2])).as(path).isEqualTo(before + 1);
        });
  }

  private static double counted(String outcome, String provider) {
    String name =
        "postflight_webhooks_total{outcome=\"%s\",provider=\"%s\"} ".formatted(outcome, provider);
    return api.get("/metrics", TestApi.OPERATOR_KEY)
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private static List<String> providers() {
    return List.copyOf(SignatureChecks.providers());
  }

  @ParameterizedTest
  @MethodSource("providers")
  void a_signed_webhook_is_stored_unchanged(String provider) {
    byte[] body = bytes("{ \"a\" : \"caf\\u00e9\" }\r\n");
    long before = raw.end();

    HttpResponse<String> response = signed(provider, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    ConsumerRecord<byte[], byte[]> record = raw.only(before);
    assertThat(record.value()).isEqualTo(body);
    assertThat(headers(record)).containsEntry(RawHeaders.PROVIDER, provider);
    assertNoSecretIn(provider, record);
  }

  private static void assertNoSecretIn(String provider, ConsumerRecord<byte[], byte[]> record) {
    for (String secret : TestApi.SECRETS.getOrDefault(provider, Map.of()).values()) {
      assertThat(headers(record).values()).noneMatch(value -> value.contains(secret));
      assertThat(new String(record.value(), StandardCharsets.UTF_8)).doesNotContain(secret);
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void an_unsigned_webhook_is_401_and_nothing_is_stored(String provider) {
    long before = raw.end();

    assertThat(api.post("/webhooks/" + provider + "/acme", bytes("{}")).statusCode())
        .isEqualTo(401);
    assertThat(
            api.post(
                    "/webhooks/" + provider + "/acme?token=guess",
                    bytes("{}"),
                    "Authorization",
                    "Bearer a.b.c")
                .statusCode())
        .isEqualTo(401);
    assertThat(raw.end()).isEqualTo(before);
  }

  @Test
  void a_get_with_a_token_is_stored_without_it() {
    String token = TestApi.secret("firetext", "token");
    long before = raw.end();

    HttpResponse<String> response =
        api.get("/webhooks/firetext/acme?token=" + token + "&status=0&reference=r");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    ConsumerRecord<byte[], byte[]> record = raw.only(before);
    assertThat(record.value()).isEqualTo(bytes("status=0&reference=r"));
    assertThat(headers(record)).containsEntry(RawHeaders.METHOD, "GET");
    assertNoSecretIn("firetext", record);
  }

  @Test
  void a_get_of_messagebird_is_signed_by_its_url() {
    String query = "id=i&recipient=34600111222&status=delivered&price%5Bamount%5D=0.02";
    SignedRequest get =
        SignedRequest.get(PUBLIC_URL + "/webhooks/messagebird/acme?" + query, Map.of());
    long before = raw.end();

    HttpRequest.Builder request = api.request("/webhooks/messagebird/acme?" + query);
    signature("messagebird", get).headers().forEach(request::header);

    assertThat(api.send(request).statusCode()).isEqualTo(200);
    assertThat(raw.only(before).value()).isEqualTo(bytes(query));
    assertThat(api.get("/webhooks/messagebird/acme?" + query).statusCode()).isEqualTo(401);
    assertThat(api.get("/webhooks/sendgrid/acme?" + query).statusCode()).isEqualTo(405);
  }

  @Test
  void firehose_gets_the_id_of_its_request_back() {
    HttpResponse<String> response =
        api.post(
            "/webhooks/aws/acme",
            bytes("{\"requestId\":\"r-1\",\"records\":[]}"),
            "X-Amz-Firehose-Access-Key",
            TestApi.secret("aws", "accessKey"),
            "X-Amz-Firehose-Request-Id",
            "r-1");

    JsonNode answer = json(response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.get("requestId").asText()).isEqualTo("r-1");
    assertThat(answer.get("timestamp").asLong()).isEqualTo(TestApi.NOW.toEpochMilli());
  }

  @Test
  void a_notification_of_sns_is_verified_with_a_certificate_that_is_fetched() {
    byte[] body = bytes(sns.notification("{}", 2));
    long before = raw.end();

    HttpResponse<String> response = api.post("/webhooks/aws/acme", body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(raw.only(before).value()).isEqualTo(body);
    byte[] forged = bytes(sns.notification("{}", 2).replace("A subject", "Another"));
    assertThat(api.post("/webhooks/aws/acme", forged).statusCode()).isEqualTo(401);
  }

  @Test
  void while_the_certificate_cannot_be_fetched_the_answer_is_503() {
    byte[] body = bytes(sns.notification("{}", 2).replace("0123abcd", "Absent"));

    HttpResponse<String> response = api.post("/webhooks/aws/acme", body);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void a_subscription_is_confirmed_only_with_the_operators_consent() {
    String path = "/?Action=ConfirmSubscription&TopicArn=" + SnsAuthority.TOPIC + "&Token=t1";
    sns.publish(path, bytes("<ConfirmSubscriptionResponse/>"));
    byte[] body = bytes(sns.subscription("t1"));

    assertThat(post(api, body).statusCode()).isEqualTo(200);
    assertThat(outcomes(api, "subscription_pending")).isEqualTo(1);
    assertThat(sns.requests()).doesNotContain(path);

    assertThat(post(consenting, body).statusCode()).isEqualTo(200);
    await().until(() -> outcomes(consenting, "subscription_confirmed") == 1);
    assertThat(sns.requests()).contains(path);
  }

  private static HttpResponse<String> post(TestApi to, byte[] body) {
    return to.post(
        "/webhooks/aws/acme", body, "x-amz-sns-message-type", "SubscriptionConfirmation");
  }

  private static double outcomes(TestApi of, String outcome) {
    return of.registry.find("postflight.webhooks").tag("outcome", outcome).counters().stream()
        .mapToDouble(each -> each.count())
        .sum();
  }

  private static Signature signature(String provider, SignedRequest request) {
    return SignatureChecks.of(provider)
        .orElseThrow()
        .sign(
            request.received(TestApi.NOW.toEpochMilli(), SignedRequest.MAX_AGE),
            TestApi.secrets(provider));
  }

  private static HttpResponse<String> signed(String provider, byte[] body) {
    String path = "/webhooks/" + provider + "/acme";
    Signature signature =
        signature(
            provider,
            SignedRequest.post(
                PUBLIC_URL + path, Map.of("Content-Type", "application/json"), body));
    List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    signature
        .headers()
        .forEach(
            (name, value) -> {
              headers.add(name);
              headers.add(value);
            });
    return api.post(
        signature.url().substring(PUBLIC_URL.length()), body, headers.toArray(String[]::new));
  }
}
