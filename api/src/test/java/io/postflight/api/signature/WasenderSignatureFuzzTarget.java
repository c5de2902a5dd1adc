package io.postflight.api.signature;

/** Any bytes as a request signed by wasender. */
public final class WasenderSignatureFuzzTarget {
  private WasenderSignatureFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedRequests.seeds().forEach(each -> FuzzedRequests.check("wasender", each));
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedRequests.check("wasender", bytes);
  }
}
