package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures as clients add them. */
class SigningTest {
  private static final String URL = "https://hooks.example.org/webhooks/twilio/acme";
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");

  @Test
  void the_bytes_are_signed_with_hmac_sha_256() {
    // The first test case of RFC 4231.
    String key = "\u000b".repeat(20);
    SignedRequest request = post(Map.of(), "Hi There");

    assertThat(SignatureChecks.sign("whatsapp", request, Map.of("appSecret", key)).headers())
        .containsExactly(
            Map.entry(
                "X-Hub-Signature-256",
                "sha256=b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    assertThat(SignatureChecks.sign("events", request, Map.of("signingSecret", key)).headers())
        .containsKey("X-Postflight-Signature");
  }

  @Test
  void without_a_secret_there_is_no_signature() {
    for (Map<String, String> secrets : List.of(Map.<String, String>of(), Map.of("authToken", ""))) {
      Signature signature = SignatureChecks.sign("twilio", post(FORM, "a=b"), secrets);

      assertThat(signature.headers()).isEmpty();
      assertThat(signature.url()).isEqualTo(URL);
    }
    assertThat(SignatureChecks.sign("unknown", post(FORM, "a=b"), Map.of()).headers()).isEmpty();
  }

  @Test
  void the_order_of_the_parameters_does_not_change_twilios_signature() {
    Map<String, String> token = Map.of("authToken", "t");

    assertThat(SignatureChecks.sign("twilio", post(FORM, "a=1&b=2"), token))
        .isEqualTo(SignatureChecks.sign("twilio", post(FORM, "b=2&a=1"), token));
  }

  @Test
  void every_provider_names_the_secret_of_its_signatures_first() {
    for (String provider : SignatureChecks.providers()) {
      SignatureCheck check = SignatureChecks.of(provider).orElseThrow();
      String secret = check.secretNames().get(0);
      if (provider.equals("sendgrid")) {
        assertThat(secret).as("the key that only verifies").isEqualTo("verificationKey");
        continue;
      }

      assertThat(
              SignatureChecks.sign(provider, post(FORM, "a=b"), Map.of(secret, "c2VjcmV0"))
                  .headers())
          .as(provider)
          .isNotEmpty();
    }
  }

  private static SignedRequest post(Map<String, String> headers, String body) {
    return SignedRequest.post(URL, headers, body.getBytes(StandardCharsets.UTF_8));
  }
}
