package io.postflight.api;

import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Webhooks signed as providers do, and the records that they become. */
final class SignedWebhooks {
  static final String PUBLIC_URL = "https://hooks.example.com/in";

  private SignedWebhooks() {}

  static Signature signature(String provider, String tenant, String contentType, byte[] body) {
    return SignatureChecks.of(provider)
        .orElseThrow()
        .sign(
            SignedRequest.post(
                PUBLIC_URL + "/webhooks/" + provider + '/' + tenant,
                Map.of("Content-Type", contentType),
                body),
            TestApi.secrets(provider));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    return headers;
  }
}
