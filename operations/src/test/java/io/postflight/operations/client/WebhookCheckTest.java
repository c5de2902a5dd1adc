package io.postflight.operations.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.postflight.operations.OperationException;
import io.postflight.schema.signature.SignedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookCheckTest {
  private static final String KEY = "pf_k1_" + "0".repeat(40);

  @Test
  void no_url_of_the_check_has_the_token() {
    WebhookCheck check =
        WebhookCheck.of(
            "infobip",
            SignedRequest.post(
                "https://hooks.example.com/webhooks/infobip/acme?a=1&token=s3cret",
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8)),
            receiver(Map.of("token", "s3cret"), "http://127.0.0.1:9"));

    assertThat(check.accepted()).isTrue();
    assertThat(check.url()).endsWith("?a=1");
    assertThat(check.signedUrls()).containsExactly(check.url());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {'tenant':'acme','scopes':['read','write']} | true",
        "200 | {'tenant':'acme','scopes':['read']} | false",
        "200 | {'tenant':'other','scopes':['write']} | false",
        "401 | {} | false"
      },
      quoteCharacter = '"')
  void events_are_accepted_by_an_api_key_as_by_the_gateway(int status, String owner, boolean valid)
      throws IOException {
    List<String> asked = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/tenant",
        exchange -> {
          asked.add(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = owner.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      WebhookCheck.Receiver acme =
          receiver(Map.of(), "http://127.0.0.1:" + server.getAddress().getPort());

      WebhookCheck check = WebhookCheck.of("events", events("Bearer " + KEY), acme);
      WebhookCheck noKey = WebhookCheck.of("events", events("Bearer none"), acme);

      assertThat(check.accepted()).isEqualTo(valid);
      assertThat(check.detail())
          .isEqualTo(
              valid
                  ? "the API key is valid"
                  : "Authorization is not an API key of this tenant with scope write");
      assertThat(noKey.accepted()).isFalse();
      assertThat(asked).containsExactly("Bearer " + KEY);
    } finally {
      server.stop(0);
    }
  }

  private static WebhookCheck.Receiver receiver(Map<String, String> secrets, String url) {
    return new WebhookCheck.Receiver("acme", secrets, new DeploymentClient(url));
  }

  @Test
  void an_option_that_the_check_of_the_provider_does_not_use_is_refused() {
    assertThatThrownBy(() -> WebhookCheck.requireEffect("whatsapp", true, false))
        .isInstanceOf(OperationException.class)
        .hasMessage(
            "--received-at would have no effect with --provider whatsapp: remove it; it is for"
                + " messagebird, sendgrid, sinch, standard, vonage");
    assertThatThrownBy(() -> WebhookCheck.requireEffect("sendgrid", true, true))
        .hasMessage(
            "--query would have no effect with --provider sendgrid: remove it; it is for aws,"
                + " firetext, infobip, messagebird, sinch, twilio, vonage, whatsapp-onprem");
    WebhookCheck.requireEffect("sinch", true, true);
    WebhookCheck.requireEffect("twilio", false, true);
    WebhookCheck.requireEffect("events", false, false);
  }

  private static SignedRequest events(String authorization) {
    return SignedRequest.post(
        "https://hooks.example.com/webhooks/events/acme",
        Map.of("authorization", authorization),
        "{}".getBytes(StandardCharsets.UTF_8));
  }
}
