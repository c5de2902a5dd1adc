package io.postflight.api.signature;

/** Any bytes as a request signed by twilio. */
public final class TwilioSignatureFuzzTarget {
  private TwilioSignatureFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedRequests.seeds().forEach(each -> FuzzedRequests.check("twilio", each));
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedRequests.check("twilio", bytes);
  }
}
