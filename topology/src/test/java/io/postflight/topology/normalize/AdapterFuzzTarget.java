package io.postflight.topology.normalize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Any bytes as a webhook of every provider: a body; a question mark in front of it makes it a query
 * string.
 */
public final class AdapterFuzzTarget {
  private static final Set<String> PROVIDERS = Normalizer.ofAllProviders().providers();

  private AdapterFuzzTarget() {}

  /** Called by the fuzzer, once: loads classes before the first input is timed. */
  public static void fuzzerInitialize() {
    fuzzerTestOneInput(
        "{\"messageId\":\"m\",\"status\":\"READ\"}".getBytes(StandardCharsets.UTF_8));
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    boolean query = bytes.length > 0 && bytes[0] == '?';
    byte[] body = query ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    for (String provider : PROVIDERS) {
      OutcomeInvariants.check(
          RawWebhook.of(provider, "acme", Webhooks.RECEIVED_AT, body).withQuery(query));
    }
  }
}
