package io.postflight.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.http.HttpLimits;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignedRequest;
import io.postflight.schema.signature.TwilioSignature;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The URL that a signature is verified against. */
final class ForwardedUrlTest {
  private static final String PATH = "/webhooks/twilio/acme?a=%7e%2b&b";
  private static final byte[] FORM = "MessageSid=SM1".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | X-Forwarded-Proto: https ~ X-Forwarded-Host: hooks.example.com | 200",
        "true  | Forwarded: for=10.0.0.1;proto=https;host=\"hooks.example.com\" | 200",
        "true  | Forwarded: for=\"a,b\";PROTO=https;host=hooks.example.com, for=c;host=d | 200",
        "true  | Forwarded: for=\";host=d\"; proto=https; host=\"hooks.\\example.com\" | 200",
        "true  | X-Forwarded-Proto: https, http ~ X-Forwarded-Host: hooks.example.com, inner | 200",
        "true  | X-Forwarded-Proto: http ~ X-Forwarded-Host: hooks.example.com | 401",
        "false | X-Forwarded-Proto: https ~ X-Forwarded-Host: hooks.example.com | 401",
      })
  void forwarded_headers_determine_the_url_only_if_trusted(
      boolean trusted, String headers, int status) {
    try (TestApi api = api(GatewaySettings.DEFAULTS.withTrustForwarded(trusted))) {
      assertThat(called(api, "https://hooks.example.com" + PATH, headers.split(" ~ ")))
          .isEqualTo(status);
    }
  }

  @Test
  void forwarded_headers_of_other_senders_are_ignored() {
    try (TestApi api = api(GatewaySettings.DEFAULTS.withTrustForwarded(true), "192.0.2.1")) {
      String header = "X-Forwarded-Host: hooks.example.com";
      assertThat(called(api, "http://hooks.example.com" + PATH, header)).isEqualTo(401);
      assertThat(called(api, api.uri(PATH).toString(), header)).isEqualTo(200);
    }
  }

  @Test
  void without_forwarded_headers_the_host_header_determines_the_url() {
    try (TestApi api = api(GatewaySettings.DEFAULTS)) {
      assertThat(called(api, api.uri(PATH).toString())).isEqualTo(200);
    }
  }

  private static int called(TestApi api, String signedUrl, String... headers) {
    Signature signature =
        new TwilioSignature()
            .sign(
                SignedRequest.post(
                    signedUrl, Map.of("Content-Type", "application/x-www-form-urlencoded"), FORM),
                TestApi.secrets("twilio"));
    var request =
        api.request(PATH)
            .POST(HttpRequest.BodyPublishers.ofByteArray(FORM))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Twilio-Signature", signature.headers().get("X-Twilio-Signature"));
    for (String header : headers) {
      request.header(header.substring(0, header.indexOf(':')), header.split(": ", 2)[1].strip());
    }
    return api.send(request).statusCode();
  }

  private static TestApi api(GatewaySettings gateway) {
    return api(gateway, "127.0.0.1");
  }

  private static TestApi api(GatewaySettings gateway, String proxy) {
    return TestApi.writing(
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
        List.of(),
        settings ->
            settings
                .withLimits(HttpLimits.of(Map.of("trustedProxies", proxy)))
                .withGateway(gateway));
  }
}
