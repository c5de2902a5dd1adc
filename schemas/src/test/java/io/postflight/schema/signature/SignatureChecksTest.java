package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignatureChecksTest {
  private static final String URL = "https://hooks.example.com/webhooks/p/acme?x=1";
  private static final String KEY = "pf_k1_abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String READ_KEY = "pf_k2_abcdefghijklmnopqrstuvwxyz0123456789";
  private static final Map<String, Map<String, String>> SECRETS =
      Map.of(
          "whatsapp", Map.of("appSecret", "meta-secret", "verifyToken", "let me in"),
          "wasender", Map.of("webhookSecret", "plain-secret"),
          "twilio", Map.of("authToken", "twilio-secret"),
          "events", Map.of("signingSecret", "own-secret"));

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  void a_signed_request_is_accepted(String provider) {
    SignedRequest request = json(URL, Map.of(), "{\"a\":1}");
    Signature signature = check(provider).sign(request, secrets(provider));

    assertThat(
            check(provider)
                .check(json(signature.url(), signature.headers(), "{\"a\":1}"), secrets(provider))
                .accepted())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "twilio", "events"})
  void one_changed_byte_is_rejected(String provider) {
    Signature signature = check(provider).sign(json(URL, Map.of(), "{\"a\":1}"), secrets(provider));

    assertThat(
            check(provider)
                .check(json(signature.url(), signature.headers(), "{\"a\":2}"), secrets(provider))
                .accepted())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  void a_missing_header_is_rejected_and_reported(String provider) {
    Signature signature = check(provider).sign(json(URL, Map.of(), "{}"), secrets(provider));
    String header = signature.headers().keySet().iterator().next();

    SignatureResult verdict =
        check(provider).check(json(signature.url(), Map.of(), "{}"), secrets(provider));

    assertThat(verdict.accepted()).isFalse();
    assertThat(verdict.header()).isEqualTo(header);
    assertThat(verdict.detail()).contains(header);
    if (!provider.equals("wasender")) {
      assertThat(verdict.expected()).contains(signature.headers().get(header));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  void a_tenant_without_a_secret_accepts_nothing(String provider) {
    SignedRequest request =
        json(
            URL,
            Map.of(
                "X-Hub-Signature-256",
                "sha256=",
                "X-Webhook-Signature",
                "",
                "X-Twilio-Signature",
                "",
                "X-Postflight-Signature",
                "sha256="),
            "{}");

    assertThat(check(provider).check(request, ProviderSecrets.of(Map.of())).accepted()).isFalse();
    assertThat(
            check(provider)
                .check(
                    request,
                    ProviderSecrets.of(
                        Map.of(
                            "appSecret",
                            "",
                            "webhookSecret",
                            "",
                            "authToken",
                            "",
                            "signingSecret",
                            "")))
                .accepted())
        .isFalse();
    assertThatThrownBy(() -> check(provider).sign(request, ProviderSecrets.of(Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(provider);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  void during_rotation_the_previous_secret_is_valid(String provider) {
    Signature signature = check(provider).sign(json(URL, Map.of(), "{}"), secrets(provider));
    Map<String, String> rotated = new HashMap<>();
    SECRETS
        .getOrDefault(provider, Map.of())
        .forEach(
            (name, value) -> {
              rotated.put(name, "new-" + value);
              rotated.put(name + "Previous", value);
            });

    assertThat(
            check(provider)
                .check(
                    json(signature.url(), signature.headers(), "{}"), ProviderSecrets.of(rotated))
                .accepted())
        .isTrue();
  }

  @Property
  void untrusted_input_is_rejected_and_never_throws(
      @ForAll @Size(max = 200) byte[] body, @ForAll String header, @ForAll String query) {
    for (String provider : SignatureChecks.providers()) {
      for (String type : List.of("application/json", "application/x-www-form-urlencoded")) {
        Map<String, String> headers =
            Map.of(
                "content-type", type,
                "authorization", "Bearer " + header,
                "x-hub-signature-256", header,
                "x-twilio-signature", header,
                "x-webhook-signature", header,
                "x-postflight-signature", header);
        SignedRequest request = SignedRequest.post(URL + '&' + query, headers, body);

        assertThat(check(provider).check(request, secrets(provider)).accepted()).isFalse();
      }
    }
  }

  @Test
  void twilio_may_sign_with_the_port_or_without() {
    String with = "https://hooks.example.com:443/webhooks/twilio/acme";
    String without = "https://hooks.example.com/webhooks/twilio/acme";
    for (String signed : List.of(with, without)) {
      Signature signature =
          new TwilioSignature().sign(form(signed, Map.of(), "a=1"), secrets("twilio"));
      for (String called : List.of(with, without)) {
        assertThat(
                new TwilioSignature()
                    .check(form(called, signature.headers(), "a=1"), secrets("twilio"))
                    .accepted())
            .as("signed %s, called %s", signed, called)
            .isTrue();
      }
    }
  }

  @Test
  void twilio_sorts_by_name_then_value_and_drops_duplicates() {
    Map<String, String> headers =
        new TwilioSignature()
            .sign(form(URL, Map.of(), "a=1&a=2&b=%2B+x"), secrets("twilio"))
            .headers();

    assertThat(accepted(form(URL, headers, "b=%2b%20x&a=2&a=1&a=2"))).isTrue();
    assertThat(accepted(form(URL, headers, "b=%2b%20x&a=2"))).isFalse();
  }

  @Test
  void a_body_without_hash_is_rejected_for_twilio() {
    Signature overUrl = new TwilioSignature().sign(form(URL, Map.of(), ""), secrets("twilio"));

    SignatureResult verdict =
        new TwilioSignature()
            .check(json(URL, overUrl.headers(), "{\"forged\":true}"), secrets("twilio"));

    assertThat(verdict.accepted()).isFalse();
    assertThat(verdict.detail()).contains("bodySHA256");
  }

  @Test
  void a_form_cannot_replace_a_signed_json_body() {
    Signature signed = new TwilioSignature().sign(json(URL, Map.of(), "{}"), secrets("twilio"));

    assertThat(accepted(form(signed.url(), signed.headers(), "&"))).isFalse();
  }

  @Test
  void a_get_of_twilio_is_signed_over_its_url() {
    Map<String, String> headers =
        new TwilioSignature().sign(SignedRequest.get(URL, Map.of()), secrets("twilio")).headers();

    assertThat(accepted(SignedRequest.get(URL, headers))).isTrue();
    assertThat(accepted(SignedRequest.get(URL + "2", headers))).isFalse();
  }

  @Test
  void a_form_with_a_million_parameters_is_rejected() {
    assertThat(accepted(form(URL, Map.of(), "a=1&".repeat(100_000)))).isFalse();
  }

  @Test
  void an_api_key_with_scope_write_is_valid_for_events() {
    assertThat(bearer(KEY)).isTrue();
    assertThat(bearer(READ_KEY)).isFalse();
    assertThat(bearer(KEY + "x")).isFalse();
  }

  @Test
  void metas_verify_token_is_compared_completely() {
    WhatsAppSignature check = new WhatsAppSignature();

    assertThat(check.verifies("let me in", secrets("whatsapp"))).isTrue();
    assertThat(check.verifies("let me", secrets("whatsapp"))).isFalse();
    assertThat(check.verifies("", ProviderSecrets.of(Map.of("verifyToken", "")))).isFalse();
  }

  @Test
  void a_header_that_is_the_secret_is_not_among_the_expected_values() {
    SignedRequest wrong = json(URL, Map.of("X-Webhook-Signature", "guess"), "{}");
    SignedRequest missing = json(URL, Map.of(), "{}");

    assertThat(check("wasender").check(wrong, secrets("wasender")).expected()).isEmpty();
    assertThat(check("wasender").check(missing, secrets("wasender")).expected()).isEmpty();
  }

  @Test
  void to_string_does_not_disclose_secrets() {
    SignedRequest request = json(URL, Map.of("X-Webhook-Signature", "plain-secret"), "{}");
    Signature signature = check("wasender").sign(request, secrets("wasender"));
    SignatureResult verdict = check("wasender").check(request, secrets("wasender"));

    assertThat(request + " " + signature + " " + verdict + " " + secrets("wasender"))
        .doesNotContain("plain-secret");
    assertThat(check("wasender").evidence()).isEmpty();
  }

  private static boolean bearer(String key) {
    List<ApiKey> keys =
        List.of(ApiKeys.kept(KEY, List.of("write"), 0), ApiKeys.kept(READ_KEY, List.of("read"), 0));
    Tenant tenant =
        new Tenant(
            "acme",
            List.of(new TierPeriod("30d", 0L)),
            List.of(new ShardVersion(1, 0L)),
            List.of(new ShardVersion(1, 0L)),
            keys,
            Map.of());
    return new EventsSignature()
        .check(
            json(URL, Map.of("Authorization", "Bearer " + key), "{}"),
            ProviderSecrets.of(tenant, "events"))
        .accepted();
  }

  private static boolean accepted(SignedRequest request) {
    return new TwilioSignature().check(request, secrets("twilio")).accepted();
  }

  private static SignatureCheck check(String provider) {
    return SignatureChecks.of(provider).orElseThrow();
  }

  private static ProviderSecrets secrets(String provider) {
    return ProviderSecrets.of(SECRETS.getOrDefault(provider, Map.of()));
  }

  private static SignedRequest json(String url, Map<String, String> headers, String body) {
    return request("application/json", url, headers, body);
  }

  private static SignedRequest form(String url, Map<String, String> headers, String body) {
    return request("application/x-www-form-urlencoded; charset=UTF-8", url, headers, body);
  }

  private static SignedRequest request(
      String type, String url, Map<String, String> headers, String body) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", type);
    return SignedRequest.post(url, all, body.getBytes(StandardCharsets.UTF_8));
  }
}
