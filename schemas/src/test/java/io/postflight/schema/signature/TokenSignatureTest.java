package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers without a signature, and those whose signature a token replaces. */
class TokenSignatureTest {
  private static final String URL = "https://hooks.example.com/webhooks/p/acme";
  private static final long NOW = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  private static final Map<String, String> SECRETS =
      Map.of("token", "s3cret&=", "accessKey", "s3cret&=");

  private static SignatureResult check(String provider, SignedRequest request) {
    return SignatureChecks.of(provider).orElseThrow().check(request, ProviderSecrets.of(SECRETS));
  }

  private static SignedRequest post(String url, Map<String, String> headers) {
    return SignedRequest.post(url, headers, "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"infobip", "firetext", "whatsapp-onprem", "vonage", "sinch", "aws"})
  void a_token_is_in_the_url_or_in_the_authorization(String provider) {
    String inUrl = URL + "?x=1&token=s3cret%26%3D";

    assertThat(check(provider, post(inUrl, Map.of())).accepted()).isTrue();
    assertThat(check(provider, post(URL, Map.of("Authorization", "Bearer s3cret&="))).accepted())
        .isTrue();
    assertThat(
            check(provider, post(URL, Map.of("Authorization", basic("any:s3cret&=")))).accepted())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "infobip, Bearer other",
    "firetext, Bearer",
    "firetext, Basic !!",
    "aws, Bearer s3cret",
    "sinch, Basic czNjcmV0",
    "vonage, Bearer a.b.c",
    "whatsapp-onprem, s3cret&="
  })
  void another_token_is_refused(String provider, String authorization) {
    SignatureResult refused = check(provider, post(URL, Map.of("Authorization", authorization)));

    assertThat(refused.accepted()).isFalse();
    assertThat(refused.expected()).isEmpty();
    assertThat(refused + refused.detail()).doesNotContain("s3cret&=");
  }

  @Test
  void a_missing_token_is_reported() {
    assertThat(check("infobip", post(URL + "?token", Map.of())).accepted()).isFalse();
    assertThat(check("infobip", post(URL, Map.of())).detail()).contains("there is no token");
  }

  @Test
  void a_wrong_access_key_of_firehose_is_the_reason_if_there_is_a_topic_too() {
    SignedRequest request = post(URL, Map.of("X-Amz-Firehose-Access-Key", "guess"));
    String topic = "arn:aws:sns:eu-west-1:123456789012:a";

    SignatureResult both = aws(request, Map.of("accessKey", "s3cret", "topicArn", topic));
    SignatureResult onlyTopic = aws(request, Map.of("topicArn", topic));

    assertThat(both.accepted()).isFalse();
    assertThat(both.detail())
        .isEqualTo("X-Amz-Firehose-Access-Key is not the tenant's 'accessKey'");
    assertThat(onlyTopic.detail())
        .isEqualTo("the body is no message of SNS, and no access key of the tenant is given");
  }

  private static SignatureResult aws(SignedRequest request, Map<String, String> secrets) {
    return SignatureChecks.of("aws").orElseThrow().check(request, ProviderSecrets.of(secrets));
  }

  @Test
  void firehose_has_a_header_of_its_own() {
    assertThat(check("aws", post(URL, Map.of("X-Amz-Firehose-Access-Key", "s3cret&="))).accepted())
        .isTrue();
  }

  @Test
  void a_get_may_have_the_token_too_and_it_is_not_stored() {
    SignatureCheck firetext = SignatureChecks.of("firetext").orElseThrow();
    String query = "token=s3cret%26%3D&status=0&reference=r&token";

    assertThat(check("firetext", SignedRequest.get(URL + '?' + query, Map.of())).accepted())
        .isTrue();
    assertThat(firetext.storedQuery(query)).isEqualTo("status=0&reference=r");
    assertThat(SignatureChecks.of("vonage").orElseThrow().storedQuery("a=1&token=x&b=2"))
        .isEqualTo("a=1&b=2");
    assertThat(firetext.storedQuery("a=1&%74oken=x&tok%65n&b=%zz")).isEqualTo("a=1&b=%zz");
    assertThat(SignatureChecks.of("twilio").orElseThrow().storedQuery("a=1&token=x"))
        .isEqualTo("a=1&token=x");
  }

  @Test
  void the_token_signs_where_there_is_no_other_secret() {
    for (String provider : List.of("infobip", "firetext", "sinch", "vonage", "aws")) {
      SignedRequest request = post(URL, Map.of());
      Signature signature = SignatureChecks.sign(provider, request, SECRETS);

      assertThat(check(provider, post(signature.url(), signature.headers())).accepted())
          .as(provider)
          .isTrue();
    }
  }

  @Test
  void a_tenant_with_a_signature_only_accepts_no_token() {
    ProviderSecrets signed = ProviderSecrets.of(Map.of("webhookSecret", "s"));

    assertThat(
            SignatureChecks.of("sinch")
                .orElseThrow()
                .check(post(URL + "?token=s", Map.of("Authorization", "Bearer s")), signed)
                .accepted())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"64, true", "128, true", "32, false", "40, false"})
  void the_sms_api_of_vonage_signs_parameters(int digits, boolean accepted) {
    String seconds = Long.toString(NOW / 1000);
    String text = "&message=a_b_c&messageId=0C1&timestamp=" + seconds;
    byte[] key = "vonage-secret".getBytes(StandardCharsets.UTF_8);
    byte[] signed = text.getBytes(StandardCharsets.UTF_8);
    String full =
        HexFormat.of()
            .formatHex(
                digits == 128 ? Digests.hmacSha512(key, signed) : Digests.hmacSha256(key, signed));
    String form =
        "timestamp="
            + seconds
            + "&messageId=0C1&message=a%26b%3Dc&sig="
            + full.substring(0, digits);
    ProviderSecrets secrets = ProviderSecrets.of(Map.of("signatureSecret", "vonage-secret"));
    SignatureCheck vonage = SignatureChecks.of("vonage").orElseThrow();
    SignedRequest get = SignedRequest.get(URL + '?' + form, Map.of());
    SignedRequest post =
        SignedRequest.post(
            URL,
            Map.of("content-type", "application/x-www-form-urlencoded"),
            form.getBytes(StandardCharsets.UTF_8));
    Duration age = Duration.ofMinutes(5);

    assertThat(vonage.check(get.received(NOW, age), secrets).accepted()).isEqualTo(accepted);
    assertThat(vonage.check(post.received(NOW, age), secrets).accepted()).isEqualTo(accepted);
    assertThat(vonage.check(get.received(NOW + 400_000, age), secrets).accepted()).isFalse();
  }
}
