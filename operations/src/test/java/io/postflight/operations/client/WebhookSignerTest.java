package io.postflight.operations.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class WebhookSignerTest {
  private static final String URL = "https://hooks.example.org/webhooks/twilio/acme";

  @Test
  void signs_the_bytes_with_hmac_sha_256() {
    // The first test case of RFC 4231.
    String key = "\u000b".repeat(20);
    assertThat(
            WebhookSigner.headers(
                "whatsapp", Map.of("appSecret", key), URL, "application/json", bytes("Hi There")))
        .containsExactly(
            Map.entry(
                "X-Hub-Signature-256",
                "sha256=b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    assertThat(
            WebhookSigner.headers(
                "events", Map.of("signingSecret", key), URL, null, bytes("Hi There")))
        .containsKey("X-Postflight-Signature");
  }

  @Test
  void a_tenant_without_a_secret_gets_no_signature() {
    assertThat(WebhookSigner.headers("twilio", Map.of(), URL, null, bytes("a=b"))).isEmpty();
  }

  @Test
  void the_order_of_the_parameters_does_not_change_twilios_signature() {
    Map<String, String> token = Map.of("authToken", "t");
    assertThat(WebhookSigner.headers("twilio", token, URL, WebhookSigner.FORM, bytes("a=1&b=2")))
        .isEqualTo(
            WebhookSigner.headers("twilio", token, URL, WebhookSigner.FORM, bytes("b=2&a=1")));
  }

  @Test
  void agrees_with_the_vectors_that_twilio_published() throws Exception {
    String folder = System.getProperty("postflight.payloads", "");
    Assumptions.assumeFalse(folder.isBlank(), "-Dpostflight.payloads names no folder");
    JsonNode vectors =
        JsonMapper.builder()
            .build()
            .readTree(Path.of(folder, "twilio_signature_vectors.json").toFile());
    String url = vectors.get("url").asText();
    Map<String, String> token = Map.of("authToken", vectors.get("auth_token").asText());
    String form =
        vectors.get("params").properties().stream()
            .map(
                field ->
                    field.getKey()
                        + '='
                        + URLEncoder.encode(field.getValue().asText(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    byte[] json = bytes(vectors.get("json_body").asText());

    assertThat(WebhookSigner.headers("twilio", token, url, WebhookSigner.FORM, bytes(form)))
        .containsValue(vectors.get("X-Twilio-Signature").asText());
    assertThat(
            WebhookSigner.headers(
                "twilio", token, WebhookSigner.twilioJsonUrl(url, json), "application/json", json))
        .containsValue(vectors.get("signature_for_url_with_bodySHA256").asText());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
