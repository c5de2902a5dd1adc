package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of SNS, signed with a certificate of an authority of the test's own. */
class SnsSignatureTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String GENUINE =
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";

  @TempDir static Path folder;
  private static SnsAuthority sns;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private SnsCertificates certificates;
  private SnsSignature check;

  @BeforeAll
  static void start() throws IOException {
    sns = new SnsAuthority(folder);
    sns.issue("other", "www.example.com", "/SimpleNotificationService-0ther.pem");
  }

  @AfterAll
  static void stop() {
    sns.close();
  }

  @BeforeEach
  void empty() {
    certificates = new SnsCertificates(sns.fetcher(), now::get);
    check = new SnsSignature(certificates);
  }

  private static ProviderSecrets topics(String topics) {
    return ProviderSecrets.of(Map.of("topicArn", topics));
  }

  private static SignedRequest post(String body) {
    return SignedRequest.post(
        "https://hooks.example.com/webhooks/aws/acme",
        Map.of("x-amz-sns-message-type", "SubscriptionConfirmation"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private SignatureResult checked(String body, String topics) {
    check.prepare(post(body), topics(topics)).handle((done, failure) -> null).join();
    return check.check(post(body), topics(topics));
  }

  private SignatureResult checked(String body) {
    return checked(body, "arn:aws:sns:eu-west-1:1:x, " + SnsAuthority.TOPIC);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void a_signed_notification_is_accepted(int version) {
    String body = sns.notification("{\"a\":\"\u00e9\"}", version);

    assertThat(checked(body)).extracting(SignatureResult::accepted).isEqualTo(true);
    assertThat(checked(body.replace("A subject", "Another")).accepted()).isFalse();
    assertThat(checked(body.replace("2026-11-22", "2026-11-23")).accepted()).isFalse();
    assertThat(
            checked(body.replace("\"SignatureVersion\":\"" + version, "\"SignatureVersion\":\"3"))
                .accepted())
        .isFalse();
  }

  @Test
  void a_request_to_confirm_a_subscription_is_accepted_and_names_its_url() {
    String body = sns.subscription("t0ken");

    assertThat(checked(body).accepted()).isTrue();
    assertThat(subscription(body))
        .hasValueSatisfying(
            each ->
                assertThat(each.confirmation())
                    .hasHost("sns.eu-west-1.amazonaws.com")
                    .hasQuery(
                        "Action=ConfirmSubscription&TopicArn="
                            + SnsAuthority.TOPIC
                            + "&Token=t0ken"));
    assertThat(check.subscription(post(body), topics("arn:aws:sns:eu-west-1:1:x")).join())
        .isEmpty();
    assertThat(subscription(body.replace("https://sns.eu-west-1", "https://evil.example/")))
        .isEmpty();
    assertThat(subscription(body.replace("&Token=t0ken", "&Token=other"))).isEmpty();
    assertThat(subscription(body.replace("\"Signature\":\"", "\"Signature\":\"AAAA"))).isEmpty();
  }

  private Optional<SnsSignature.Subscription> subscription(String body) {
    return check.subscription(post(body), topics(SnsAuthority.TOPIC)).join();
  }

  @Test
  void a_token_does_not_stand_for_the_signature_of_a_subscription() {
    SignatureCheck either = SignatureChecks.ofAws(certificates);
    ProviderSecrets both =
        ProviderSecrets.of(Map.of("topicArn", SnsAuthority.TOPIC, "accessKey", "k"));
    String body = sns.subscription("t0ken");

    for (String each : List.of(body, body.replace("t0ken", "0ther"))) {
      SignedRequest request =
          SignedRequest.post(
              "https://hooks.example.com/webhooks/aws/acme?token=k",
              Map.of("x-amz-sns-message-type", "SubscriptionConfirmation"),
              each.getBytes(StandardCharsets.UTF_8));
      assertThat(either.check(request, both).accepted()).isTrue();
      assertThat(either.subscription(request, both).join().isPresent())
          .isEqualTo(each.equals(body));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?Action=Publish&TopicArn=" + SnsAuthority.TOPIC,
        "/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:x",
        "/?Action=ConfirmSubscription",
        "/?Action=ConfirmSubscription&Action=Publish&TopicArn=" + SnsAuthority.TOPIC,
        "/other?Action=ConfirmSubscription&TopicArn=" + SnsAuthority.TOPIC,
        "/"
      })
  void only_the_confirmation_of_the_topic_is_called(String target) {
    assertThat(
            SnsCertificates.confirmationUrl(
                "https://sns.eu-west-1.amazonaws.com" + target, "eu-west-1", SnsAuthority.TOPIC))
        .isEmpty();
  }

  @Test
  void a_topic_of_somebody_else_is_refused_without_a_fetch() {
    int before = sns.requests().size();

    assertThat(checked(sns.notification("x", 2), "arn:aws:sns:eu-west-1:1:x").detail())
        .contains("topicArn");
    assertThat(sns.requests()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0123abcd.pem",
        "https://evil.example/SimpleNotificationService-0123abcd.pem",
        "https://x@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-west-1.amazonaws.com:443/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-%30123abcd.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-west-1.amazonaws.com/other/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem?x=1",
        "https://s3.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "file:///SimpleNotificationService-0123abcd.pem",
        "::",
        ""
      })
  void a_certificate_of_another_place_is_not_fetched(String url) {
    int before = sns.requests().size();

    assertThat(checked(sns.notification("x", 2).replace(GENUINE, url)).accepted()).isFalse();
    assertThat(sns.requests()).hasSize(before);
  }

  @Test
  void a_certificate_is_fetched_once_a_day() {
    int before = sns.requests().size();
    String body = sns.notification("x", 2);
    checked(body);
    checked(body);
    assertThat(sns.requests()).hasSize(before + 1);

    now.set(NOW.plus(Duration.ofHours(25)));
    assertThat(checked(body).accepted()).isTrue();
    await().until(() -> sns.requests().size() == before + 2);
  }

  @Test
  void a_certificate_that_cannot_be_fetched_is_tried_again_after_5_seconds() throws IOException {
    String path = "/SimpleNotificationService-Late.pem";
    String body = sns.notification("x", 2).replace("/SimpleNotificationService-0123abcd.pem", path);
    SignedRequest request = post(body);
    ProviderSecrets topic = topics(SnsAuthority.TOPIC);

    assertThat(check.prepare(request, topic).handle((done, failure) -> failure).join()).isNotNull();
    int before = sns.requests().size();
    assertThat(check.prepare(request, topic)).isCompletedExceptionally();
    assertThat(check.check(request, topic).accepted()).isFalse();
    assertThat(sns.requests()).hasSize(before);

    sns.issue("late", "sns.amazonaws.com", path);
    now.set(NOW.plusSeconds(6));
    assertThat(check.prepare(request, topic).handle((done, failure) -> failure).join()).isNull();
    assertThat(check.check(request, topic).detail())
        .as("signed with another key")
        .isEqualTo("Signature does not match the message");
  }

  @Test
  void a_certificate_of_another_name_is_refused() {
    String body = sns.notification("x", 2).replace("0123abcd", "0ther");

    assertThat(checked(body).detail()).contains("not loaded");
  }

  @Test
  void an_expired_certificate_is_refused() {
    String body = sns.notification("x", 2);
    now.set(Instant.parse("2025-12-31T00:00:00Z"));

    assertThat(checked(body).accepted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"Type\":7}", "{\"Type\":\"Notification\"", "7"})
  void a_body_of_another_form_is_refused(String body) {
    assertThat(checked(body).accepted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Message\":\"y\"",
        "\"Type\":null",
        "\"Type\":null,\"UnsubscribeURL\":\"https://a.example\"",
        "\"UnsubscribeURL\":\"a\",\"UnsubscribeURL\":\"b\"",
        "\"records\":[]",
        "\"mail\":{}",
        "\"message\":\"y\""
      })
  void a_field_that_is_given_twice_or_is_not_of_sns_is_refused(String more) {
    String body = sns.notification("x", 2);

    assertThat(checked(body).accepted()).isTrue();
    assertThat(checked(body.replaceFirst("\\{", "{" + more + ",")).accepted()).isFalse();
    assertThat(checked(body.replaceFirst("\\}$", "," + more + "}")).accepted()).isFalse();
  }

  @Test
  void fields_of_sns_that_are_not_signed_are_allowed() {
    String more =
        "\"UnsubscribeURL\":\"https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe\","
            + "\"MessageAttributes\":{\"a\":{\"Type\":\"String\",\"Value\":\"b\"}}";

    assertThat(checked(sns.notification("x", 2).replaceFirst("\\{", "{" + more + ",")).accepted())
        .isTrue();
  }

  @Test
  void a_message_cannot_be_cut_at_a_line() {
    String body = sns.notification("x\nMessageId\ny", 2);
    String cut =
        body.replace("x\\nMessageId\\ny", "x")
            .replace("\"MessageId\":\"", "\"MessageId\":\"y\\nMessageId\\n");

    assertThat(checked(body).accepted()).isTrue();
    assertThat(cut).isNotEqualTo(body);
    assertThat(checked(cut).accepted()).isFalse();
  }
}
