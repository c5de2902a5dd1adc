package io.postflight.schema.signature;

import java.util.Set;

/** Any bytes as a request signed by every provider. */
public final class SignatureFuzzTarget {
  private static final Set<String> PROVIDERS = SignatureChecks.providers();

  private SignatureFuzzTarget() {}

  /** Called by the fuzzer, once: loads classes before the first input is timed. */
  public static void fuzzerInitialize() {
    FuzzedRequests.seeds().forEach(SignatureFuzzTarget::fuzzerTestOneInput);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    PROVIDERS.forEach(provider -> FuzzedRequests.check(provider, bytes));
  }
}
