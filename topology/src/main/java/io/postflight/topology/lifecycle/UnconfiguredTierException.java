package io.postflight.topology.lifecycle;

/** Messages live in a tier that is no longer configured: a fault of the configuration. */
public final class UnconfiguredTierException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnconfiguredTierException(String tier) {
    super(
        "messages still live in tier '"
            + tier
            + "', which is not configured: configure it until they are over");
  }
}
