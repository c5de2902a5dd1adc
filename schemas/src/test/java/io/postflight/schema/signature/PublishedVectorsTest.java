package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The vectors that providers and their libraries publish, in the folder -Dpostflight.payloads. */
final class PublishedVectorsTest {
  @Test
  void metas_signature_is_over_the_escaped_bytes() throws IOException {
    JsonNode vector = vector("wac_signature_vector_unicode.json");
    ProviderSecrets secrets =
        ProviderSecrets.of(Map.of("appSecret", vector.get("app_secret").asText()));
    Map<String, String> header =
        Map.of("X-Hub-Signature-256", vector.get("x_hub_signature_256").asText());

    assertThat(whatsapp(header, vector.get("body_as_signed_bytes").asText(), secrets)).isTrue();
    assertThat(whatsapp(header, vector.get("body_as_parsed_text").asText(), secrets)).isFalse();
    assertThat(
            whatsapp(
                Map.of("X-Hub-Signature-256", vector.get("hmac_over_unescaped_utf8").asText()),
                vector.get("body_as_signed_bytes").asText(),
                secrets))
        .isFalse();
  }

  @Test
  void twilios_form_signature_is_over_the_url_and_the_sorted_parameters() throws IOException {
    JsonNode vector = vector("twilio_signature_vectors.json");
    String form =
        vector.get("params").properties().stream()
            .map(
                each ->
                    each.getKey()
                        + '='
                        + URLEncoder.encode(each.getValue().asText(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));

    SignatureResult verdict =
        new TwilioSignature()
            .check(
                SignedRequest.post(
                    vector.get("url").asText(),
                    Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "X-Twilio-Signature",
                        vector.get("X-Twilio-Signature").asText()),
                    form.getBytes(StandardCharsets.UTF_8)),
                token(vector));

    assertThat(verdict.accepted()).isTrue();
  }

  @Test
  void twilios_json_signature_is_over_the_url_with_the_hash_of_the_body() throws IOException {
    JsonNode vector = vector("twilio_signature_vectors.json");
    String url = vector.get("url").asText() + "&bodySHA256=" + vector.get("bodySHA256").asText();
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/json",
            "X-Twilio-Signature",
            vector.get("signature_for_url_with_bodySHA256").asText());
    byte[] body = vector.get("json_body").asText().getBytes(StandardCharsets.UTF_8);

    assertThat(
            new TwilioSignature()
                .check(SignedRequest.post(url, headers, body), token(vector))
                .accepted())
        .isTrue();
    body[1] ^= 1;
    assertThat(
            new TwilioSignature()
                .check(SignedRequest.post(url, headers, body), token(vector))
                .accepted())
        .isFalse();
  }

  @Test
  void sendgrids_signature_is_over_the_time_and_the_raw_body() throws IOException {
    String folder = folder();
    byte[] body = Files.readAllBytes(Path.of(folder, "sendgrid_signed_body_raw.json"));
    Map<String, String> vector = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(folder, "sendgrid_signed_body_raw.sig.txt"))) {
      String[] pair = line.split(line.startsWith("public_key") ? "=" : ": ", 2);
      if (pair.length == 2) {
        vector.put(pair[0], pair[1].strip());
      }
    }
    long time = Long.parseLong(vector.get("X-Twilio-Email-Event-Webhook-Timestamp")) * 1000;
    ProviderSecrets key =
        ProviderSecrets.of(Map.of("verificationKey", vector.get("public_key_der_b64")));

    assertThat(sendgrid(vector, body, time, key)).isTrue();
    assertThat(sendgrid(vector, body, time + 301_000, key)).isFalse();
    body[3] ^= 1;
    assertThat(sendgrid(vector, body, time, key)).isFalse();
  }

  private static boolean sendgrid(
      Map<String, String> headers, byte[] body, long at, ProviderSecrets key) {
    return new SendGridSignature()
        .check(
            SignedRequest.post("https://example.com/", headers, body)
                .received(at, SignedRequest.MAX_AGE),
            key)
        .accepted();
  }

  private static boolean whatsapp(
      Map<String, String> headers, String body, ProviderSecrets secrets) {
    return new WhatsAppSignature()
        .check(
            SignedRequest.post(
                "https://example.com/", headers, body.getBytes(StandardCharsets.UTF_8)),
            secrets)
        .accepted();
  }

  private static ProviderSecrets token(JsonNode vector) {
    return ProviderSecrets.of(Map.of("authToken", vector.get("auth_token").asText()));
  }

  private static String folder() {
    String folder = System.getProperty("postflight.payloads", "");
    assumeTrue(!folder.isEmpty(), "-Dpostflight.payloads names no folder with vectors");
    return folder;
  }

  private static JsonNode vector(String file) throws IOException {
    String folder = folder();
    return new ObjectMapper().readTree(Files.readAllBytes(Path.of(folder, file)));
  }
}
