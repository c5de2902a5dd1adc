package io.postflight.operations.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.signature.SignedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookCheckTest {
  @Test
  void no_url_of_the_check_has_the_token() {
    WebhookCheck check =
        WebhookCheck.of(
            "infobip",
            SignedRequest.post(
                "https://hooks.example.com/webhooks/infobip/acme?a=1&token=s3cret",
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8)),
            Map.of("token", "s3cret"));

    assertThat(check.accepted()).isTrue();
    assertThat(check.url()).endsWith("?a=1");
    assertThat(check.signedUrls()).containsExactly(check.url());
  }
}
