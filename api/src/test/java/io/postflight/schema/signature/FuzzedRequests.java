package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How a fuzzer's bytes become a request: a line with the URL, a line for each header, an empty
 * line, the body. No URL: a GET of nothing.
 */
final class FuzzedRequests {
  private static final ProviderSecrets SECRETS =
      ProviderSecrets.of(
          Map.ofEntries(
              Map.entry("appSecret", "app-one"),
              Map.entry("appSecretPrevious", "app-two"),
              Map.entry("authToken", "token"),
              Map.entry("webhookSecret", "plain"),
              Map.entry("webhookSecretPrevious", "former"),
              Map.entry("signingSecret", "sign"),
              Map.entry("hookSecret", "hook"),
              Map.entry("signatureSecret", "vonage"),
              Map.entry("token", "t"),
              Map.entry("accessKey", "access"),
              Map.entry("topicArn", "arn:aws:sns:eu-west-1:1:t"),
              Map.entry("verificationKey", TestKeys.SENDGRID_PUBLIC),
              Map.entry("signingKey", TestKeys.SENDGRID_PRIVATE)));

  /** Providers whose header is one of the values that would be accepted, or the secret. */
  private static final Set<String> COMPARED = Set.of("whatsapp", "wasender", "twilio", "events");

  private FuzzedRequests() {}

  static void check(String provider, byte[] bytes) {
    SignatureCheck check = SignatureChecks.of(provider).orElseThrow();
    SignedRequest request = request(bytes);

    SignatureResult verdict = check.check(request, SECRETS);

    assertThat(verdict.detail()).isNotBlank();
    assertThat(check.check(request, SECRETS)).isEqualTo(verdict);
    assertThat(check.check(request, ProviderSecrets.of(Map.of())).accepted()).isFalse();
    if (verdict.accepted() && COMPARED.contains(provider)) {
      String given = Objects.requireNonNull(request.header(verdict.header()));
      List<String> expected =
          verdict.expected().isEmpty()
              ? SECRETS.all(check.secretNames().get(0))
              : verdict.expected();
      assertThat(expected).anyMatch(each -> each.equalsIgnoreCase(given.strip()));
    }
    signAndCheck(check, request);
  }

  /** A signed request is accepted; before signing only if it was signed already. */
  private static void signAndCheck(SignatureCheck check, SignedRequest request) {
    Signature signature;
    try {
      signature = check.sign(request, SECRETS);
    } catch (IllegalArgumentException noForm) {
      assertThat(check.check(request, SECRETS).accepted()).isFalse();
      return;
    }
    if (signature.url().indexOf('#') >= 0 || request.url().contains("bodySHA256")) {
      return;
    }
    Map<String, String> headers = new HashMap<>(signature.headers());
    String type = request.header("content-type");
    if (type != null) {
      headers.put("content-type", type);
    }
    SignedRequest signed =
        request.isGet()
            ? SignedRequest.get(signature.url(), headers)
            : SignedRequest.post(signature.url(), headers, request.body());
    assertThat(check.check(signed, SECRETS).accepted()).isTrue();
  }

  private static SignedRequest request(byte[] bytes) {
    int at = 0;
    String url = "";
    Map<String, String> headers = new HashMap<>();
    for (int line = 0; at < bytes.length; line++) {
      int end = at;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      String text = new String(bytes, at, end - at, StandardCharsets.UTF_8);
      at = end + 1;
      if (line == 0) {
        url = text;
      } else if (text.isEmpty()) {
        break;
      } else {
        int colon = text.indexOf(':');
        headers.put(
            colon < 0 ? text : text.substring(0, colon),
            colon < 0 ? "" : text.substring(colon + 1));
      }
    }
    byte[] body = at >= bytes.length ? new byte[0] : Arrays.copyOfRange(bytes, at, bytes.length);
    return url.isEmpty()
        ? SignedRequest.get("https://h/w?a=b", headers)
        : SignedRequest.post(url, headers, body);
  }

  /** Seed requests. */
  static List<byte[]> seeds() {
    return List.of(
        text("https://h.example/w\nX-Hub-Signature-256: sha256=00ff\n\n{\"a\":\"\\u00e9\"}"),
        text(
            "https://h.example:8443/w?x=1\nX-Twilio-Signature: AAAA\ncontent-type: application/"
                + "x-www-form-urlencoded\n\nA=1&B=%2B2&A=3&C"),
        text("https://h.example/w?bodySHA256=00\nX-Twilio-Signature: AAAA\n\n{}"),
        text("https://[::1]:80/\nX-Webhook-Signature: plain\n\n{}"),
        text("https://[::1]:80/\nX-Webhook-Signature: former\n\n{}"),
        text("https://h/\nX-Postflight-Signature: sha256=zz\nAuthorization: Bearer k\n\n[]"),
        text("\nX-Twilio-Signature: A\n\n"),
        text("https://h/?token=t&x=%41\nAuthorization: Basic YTp0\n\n{}"),
        text("https://h/\nAuthorization: Bearer e30.e30.AAAA\n\n{}"),
        text("https://h/\nMessageBird-Signature-JWT: e30.e30.AAAA\n\n{}"),
        text("https://h/\nX-Turn-Hook-Signature: AAAA\n\n{}"),
        text(
            "https://h/\ncontent-type: application/x-www-form-urlencoded\n\nsig="
                + "0".repeat(64)
                + "&timestamp=1772352000&a=b%26"),
        text(
            "https://h/\nx-sinch-webhook-signature: AAAA\nx-sinch-webhook-signature-nonce: n\n"
                + "x-sinch-webhook-signature-timestamp: 1772352000\n\n{}"),
        text(
            "https://h/\nX-Twilio-Email-Event-Webhook-Signature: MEUCIQ==\n"
                + "X-Twilio-Email-Event-Webhook-Timestamp: 1772352000\n\n[]"),
        text(
            "https://h/\nwebhook-id: m\nwebhook-timestamp: 1772352000\n"
                + "webhook-signature: v1,AAAA v1,BBBB\n\n{}"),
        text(
            "https://h/\nX-Amz-Firehose-Access-Key: access\n\n{\"Type\":\"Notification\",\"TopicArn\":"
                + "\"arn:aws:sns:eu-west-1:1:t\",\"Message\":\"{}\",\"SigningCertURL\":\"https://sns\"}"));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
