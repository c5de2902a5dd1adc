package io.postflight.topology.normalize;

/** Any bytes as a webhook of whatsapp. */
public final class WhatsAppFuzzTarget {
  private WhatsAppFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedWebhooks.warmUp();
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] body) {
    FuzzedWebhooks.check("whatsapp", body);
  }
}
