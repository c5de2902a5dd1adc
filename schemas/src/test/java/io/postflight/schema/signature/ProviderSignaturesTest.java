package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemes of the providers that sign bodies, as the providers use them. */
class ProviderSignaturesTest {
  private static final String URL = "https://hooks.example.com/webhooks/p/acme";
  private static final long NOW = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  private static final String BODY = "{\"a\":\"\\u00e9\"}";
  private static final Map<String, String> SENDGRID = keyPair();
  private static final Map<String, Map<String, String>> SECRETS =
      Map.of(
          "whatsapp-onprem", Map.of("hookSecret", "turn-secret"),
          "vonage", Map.of("signatureSecret", "vonage-secret"),
          "sinch", Map.of("webhookSecret", "sinch-secret"),
          "messagebird", Map.of("signingKey", "bird-key"),
          "sendgrid", SENDGRID,
          "standard", Map.of("signingSecret", "whsec_c3RhbmRhcmQtc2VjcmV0"));

  private static Map<String, String> keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      Base64.Encoder encoder = Base64.getEncoder();
      return Map.of(
          "verificationKey", encoder.encodeToString(pair.getPublic().getEncoded()),
          "signingKey", encoder.encodeToString(pair.getPrivate().getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static SignatureCheck check(String provider) {
    return SignatureChecks.of(provider).orElseThrow();
  }

  private static ProviderSecrets secrets(String provider) {
    return ProviderSecrets.of(Objects.requireNonNull(SECRETS.get(provider)));
  }

  private static SignedRequest post(String body, Map<String, String> headers, long at) {
    return SignedRequest.post(URL, headers, body.getBytes(StandardCharsets.UTF_8))
        .received(at, Duration.ofMinutes(5));
  }

  private static Map<String, String> signed(String provider) {
    return check(provider).sign(post(BODY, Map.of(), NOW), secrets(provider)).headers();
  }

  private static SignatureResult result(
      String provider, String body, Map<String, String> headers, long at) {
    return check(provider).check(post(body, headers, at), secrets(provider));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"whatsapp-onprem", "vonage", "sinch", "messagebird", "sendgrid", "standard"})
  void a_signed_body_is_accepted_and_another_is_not(String provider) {
    Map<String, String> headers = signed(provider);

    assertThat(result(provider, BODY, headers, NOW).detail()).isEqualTo("the signature is valid");
    assertThat(result(provider, BODY, headers, NOW).accepted()).isTrue();
    assertThat(result(provider, BODY + ' ', headers, NOW).accepted()).isFalse();
    assertThat(result(provider, BODY, Map.of(), NOW).accepted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"whatsapp-onprem", "vonage", "sinch", "messagebird", "sendgrid", "standard"})
  void without_its_secret_a_tenant_accepts_nothing(String provider) {
    ProviderSecrets none = ProviderSecrets.of(Map.of());

    assertThat(check(provider).check(post(BODY, signed(provider), NOW), none).accepted()).isFalse();
    assertThatThrownBy(() -> check(provider).sign(post(BODY, Map.of(), NOW), none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(provider);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"whatsapp-onprem", "vonage", "sinch", "messagebird", "sendgrid", "standard"})
  void during_rotation_the_previous_secret_is_valid(String provider) {
    Map<String, String> rotated = new HashMap<>();
    secretsOf(provider).forEach((name, value) -> rotated.put(name + "Previous", value));
    rotated.put(
        check(provider).secretNames().get(0),
        provider.equals("sendgrid")
            ? Objects.requireNonNull(keyPair().get("verificationKey"))
            : "bmV3LXNlY3JldA==");

    assertThat(
            check(provider)
                .check(post(BODY, signed(provider), NOW), ProviderSecrets.of(rotated))
                .accepted())
        .isTrue();
  }

  private static Map<String, String> secretsOf(String provider) {
    return Objects.requireNonNull(SECRETS.get(provider));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vonage", "sinch", "sendgrid", "standard"})
  void a_signature_is_valid_for_five_minutes_around_its_time(String provider) {
    Map<String, String> headers = signed(provider);

    assertThat(result(provider, BODY, headers, NOW + 300_000).accepted()).isTrue();
    assertThat(result(provider, BODY, headers, NOW - 300_000).accepted()).isTrue();
    assertThat(result(provider, BODY, headers, NOW - 302_000).accepted()).isFalse();
    assertThat(result(provider, BODY, headers, NOW + 302_000))
        .satisfies(refused -> assertThat(refused.accepted()).isFalse())
        .satisfies(refused -> assertThat(refused.detail()).contains("302 s before the arrival"));
  }

  @ParameterizedTest
  @CsvSource({
    "sinch, x-sinch-webhook-signature-timestamp",
    "sendgrid, X-Twilio-Email-Event-Webhook-Timestamp",
    "standard, webhook-timestamp"
  })
  void another_time_than_the_signed_one_is_refused(String provider, String header) {
    Map<String, String> headers = new HashMap<>(signed(provider));
    headers.put(header, Long.toString(NOW / 1000 + 1));
    assertThat(result(provider, BODY, headers, NOW).accepted()).isFalse();
    headers.put(header, "soon");
    assertThat(result(provider, BODY, headers, NOW).accepted()).isFalse();
    headers.remove(header);
    assertThat(result(provider, BODY, headers, NOW).detail()).isEqualTo("missing header " + header);
  }

  @Test
  void sinchs_signature_is_over_body_nonce_and_time() {
    Map<String, String> headers =
        Map.of(
            "x-sinch-webhook-signature",
            "AAAA",
            "x-sinch-webhook-signature-nonce",
            "n-1",
            "x-sinch-webhook-signature-timestamp",
            Long.toString(NOW / 1000),
            "x-sinch-webhook-signature-algorithm",
            "HmacSHA256");
    SignatureResult refused = result("sinch", BODY, headers, NOW);

    assertThat(refused.accepted()).isFalse();
    assertThat(refused.expected())
        .containsExactly(
            Base64.getEncoder()
                .encodeToString(
                    Digests.hmacSha256(
                        "sinch-secret".getBytes(StandardCharsets.UTF_8),
                        (BODY + ".n-1." + NOW / 1000).getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void a_token_of_another_algorithm_is_refused() {
    String[] parts = Objects.requireNonNull(signed("vonage").get("Authorization")).split("\\.", -1);
    String none = "eyJhbGciOiJub25lIn0." + parts[1] + '.';

    assertThat(result("vonage", BODY, Map.of("Authorization", "Bearer " + none), NOW).accepted())
        .isFalse();
  }

  @Test
  void a_token_that_does_not_cover_the_body_is_refused() {
    String token = Jwt.signed(Map.of("iat", NOW / 1000), "vonage-secret");

    assertThat(result("vonage", BODY, Map.of("Authorization", "Bearer " + token), NOW).detail())
        .contains("does not cover the body");
  }

  @Test
  void messagebirds_token_is_for_one_url() {
    SignedRequest other =
        SignedRequest.post(
                URL + "?x=1", signed("messagebird"), BODY.getBytes(StandardCharsets.UTF_8))
            .received(NOW, Duration.ofMinutes(5));

    assertThat(check("messagebird").check(other, secrets("messagebird")).detail())
        .contains("url_hash");
  }

  @Test
  void messagebirds_token_expires() {
    Map<String, String> headers = signed("messagebird");
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", "MessageBird");
    claims.put("nbf", NOW / 1000);
    claims.put("url_hash", Digests.sha256Hex(URL.getBytes(StandardCharsets.UTF_8)));
    claims.put("payload_hash", Digests.sha256Hex(BODY.getBytes(StandardCharsets.UTF_8)));
    String endless = Jwt.signed(claims, "bird-key");

    assertThat(result("messagebird", BODY, headers, NOW + 90_000).accepted()).isTrue();
    assertThat(result("messagebird", BODY, headers, NOW + 91_000).detail()).contains("exp");
    assertThat(result("messagebird", BODY, headers, NOW - 300_000).accepted()).isTrue();
    assertThat(result("messagebird", BODY, headers, NOW - 302_000).accepted()).isFalse();
    assertThat(
            result("messagebird", BODY, Map.of("MessageBird-Signature-JWT", endless), NOW).detail())
        .isEqualTo("exp of the token is missing");
  }

  @Test
  void vonage_signs_the_parameters_of_a_get_and_no_token_replaces_that() {
    SignedRequest get =
        SignedRequest.get(URL + "?msisdn=34600111222&text=a%26b&sig=old&timestamp=1", Map.of())
            .received(NOW, Duration.ofMinutes(5));
    Signature signature = check("vonage").sign(get, secrets("vonage"));
    Map<String, String> token =
        Map.of(
            "Authorization",
            "Bearer " + Jwt.signed(Map.of("iss", "Vonage", "iat", NOW / 1000), "vonage-secret"));

    assertThat(signature.headers()).isEmpty();
    assertThat(signature.url()).contains("text=a%26b").doesNotContain("sig=old");
    assertThat(vonage(signature.url(), Map.of())).isTrue();
    assertThat(vonage(signature.url(), token)).isTrue();
    assertThat(vonage(signature.url().replace("34600111222", "34600111223"), Map.of())).isFalse();
    assertThat(vonage(signature.url().replace("34600111222", "34600111223"), token)).isFalse();
    assertThat(vonage(URL + "?msisdn=34600111222", token)).isFalse();
  }

  private static boolean vonage(String url, Map<String, String> headers) {
    SignedRequest get = SignedRequest.get(url, headers).received(NOW, Duration.ofMinutes(5));
    return check("vonage").check(get, secrets("vonage")).accepted();
  }

  @Test
  void messagebird_signs_a_get_by_its_url() {
    SignedRequest get =
        SignedRequest.get(URL + "?id=i&status=sent", Map.of()).received(NOW, Duration.ofMinutes(5));
    Map<String, String> headers = check("messagebird").sign(get, secrets("messagebird")).headers();
    SignedRequest sent = SignedRequest.get(get.url(), headers).received(NOW, Duration.ofMinutes(5));
    SignedRequest changed =
        SignedRequest.get(get.url() + "2", headers).received(NOW, Duration.ofMinutes(5));

    assertThat(check("messagebird").check(sent, secrets("messagebird")).accepted()).isTrue();
    assertThat(check("messagebird").check(changed, secrets("messagebird")).accepted()).isFalse();
  }

  @Test
  void standard_webhooks_may_have_several_signatures() {
    Map<String, String> headers = new HashMap<>(signed("standard"));
    headers.compute("webhook-signature", (name, value) -> "v1a,AAAA v1,BBBB " + value);

    assertThat(result("standard", BODY, headers, NOW).accepted()).isTrue();
  }

  @Test
  void a_standard_secret_that_is_not_base64_is_reported() {
    SignatureResult refused =
        check("standard")
            .check(
                post(BODY, signed("standard"), NOW),
                ProviderSecrets.of(Map.of("signingSecret", "not base64!")));

    assertThat(refused.accepted()).isFalse();
    assertThat(refused.detail()).contains("base64");
  }

  @Test
  void a_key_of_sendgrid_may_be_in_the_lines_of_pem() {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + SENDGRID.get("verificationKey")
            + "\n-----END PUBLIC KEY-----\n";

    assertThat(
            check("sendgrid")
                .check(
                    post(BODY, signed("sendgrid"), NOW),
                    ProviderSecrets.of(Map.of("verificationKey", pem)))
                .accepted())
        .isTrue();
  }

  @Test
  void only_sendgrid_has_its_private_key() {
    assertThatThrownBy(
            () ->
                check("sendgrid")
                    .sign(
                        post(BODY, Map.of(), NOW),
                        ProviderSecrets.of(
                            Map.of(
                                "verificationKey", SENDGRID.getOrDefault("verificationKey", "")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("signingKey");
  }
}
