package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    assertThat(SnsSignature.subscription(post(body), topics(SnsAuthority.TOPIC)))
        .hasValueSatisfying(
            each ->
                assertThat(each.confirmation())
                    .hasHost("sns.eu-west-1.amazonaws.com")
                    .hasQuery("Action=ConfirmSubscription&Token=t0ken"));
    assertThat(SnsSignature.subscription(post(body), topics("arn:aws:sns:eu-west-1:1:x")))
        .isEmpty();
    assertThat(
            SnsSignature.subscription(
                post(body.replace("https://sns.eu-west-1", "https://evil.example/")),
                topics(SnsAuthority.TOPIC)))
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
    assertThat(sns.requests()).hasSize(before + 2);
  }

  @Test
  void a_certificate_that_cannot_be_fetched_is_tried_again_after_a_minute() throws IOException {
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
    now.set(NOW.plusSeconds(61));
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

  @Test
  void few_certificates_are_fetched_at_a_time() {
    List<URI> fetched = new ArrayList<>();
    check = new SnsSignature(new SnsCertificates(SnsAuthority.silent(fetched), now::get));
    String body = sns.notification("x", 2);
    for (int i = 0; i < 20; i++) {
      SignedRequest request = post(body.replace("0123abcd", "0" + i));
      boolean refused =
          check.prepare(request, topics(SnsAuthority.TOPIC)).isCompletedExceptionally();
      assertThat(refused).as("fetch %d", i).isEqualTo(i >= 4);
    }
    assertThat(fetched).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"Type\":7}", "{\"Type\":\"Notification\"", "7"})
  void a_body_of_another_form_is_refused(String body) {
    assertThat(checked(body).accepted()).isFalse();
  }

  @Test
  void a_field_that_is_given_twice_is_refused() {
    String body = sns.notification("x", 2);

    assertThat(checked(body.replaceFirst("\\{", "{\"Message\":\"y\",")).accepted()).isFalse();
  }
}
