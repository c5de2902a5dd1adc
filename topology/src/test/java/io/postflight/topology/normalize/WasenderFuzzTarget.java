package io.postflight.topology.normalize;

/** Any bytes as a webhook of wasender. */
public final class WasenderFuzzTarget {
  private WasenderFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedWebhooks.warmUp();
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] body) {
    FuzzedWebhooks.check("wasender", body);
  }
}
