package io.postflight.topology.normalize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Converts a fuzzer's bytes to webhooks. */
final class FuzzedWebhooks {
  private FuzzedWebhooks() {}

  /** Loads classes, so that the first inputs are not measured with class loading. */
  static void warmUp() {
    byte[] event = "{\"messageId\":\"m\",\"status\":\"READ\"}".getBytes(StandardCharsets.UTF_8);
    for (String provider : List.of("events", "twilio", "wasender", "whatsapp")) {
      check(provider, event);
    }
  }

  /** A body; a question mark in front of it makes it a query string. */
  static void check(String provider, byte[] bytes) {
    boolean query = bytes.length > 0 && bytes[0] == '?';
    byte[] body = query ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    OutcomeInvariants.check(
        new RawWebhook(provider, "acme", Webhooks.RECEIVED_AT, body, null, query, null));
  }
}
