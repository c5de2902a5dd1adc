package io.postflight.topology.normalize;

/** Any bytes as a webhook of twilio. */
public final class TwilioFuzzTarget {
  private TwilioFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedWebhooks.warmUp();
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] body) {
    FuzzedWebhooks.check("twilio", body);
  }
}
