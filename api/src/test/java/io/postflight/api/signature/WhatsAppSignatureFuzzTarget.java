package io.postflight.api.signature;

/** Any bytes as a request signed by whatsapp. */
public final class WhatsAppSignatureFuzzTarget {
  private WhatsAppSignatureFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedRequests.seeds().forEach(each -> FuzzedRequests.check("whatsapp", each));
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedRequests.check("whatsapp", bytes);
  }
}
