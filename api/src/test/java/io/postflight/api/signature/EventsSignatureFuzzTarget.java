package io.postflight.api.signature;

/** Any bytes as a request signed by events. */
public final class EventsSignatureFuzzTarget {
  private EventsSignatureFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedRequests.seeds().forEach(each -> FuzzedRequests.check("events", each));
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedRequests.check("events", bytes);
  }
}
