package io.postflight.topology.normalize;

/** Any bytes as a webhook of events. */
public final class EventsFuzzTarget {
  private EventsFuzzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    FuzzedWebhooks.warmUp();
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] body) {
    FuzzedWebhooks.check("events", body);
  }
}
