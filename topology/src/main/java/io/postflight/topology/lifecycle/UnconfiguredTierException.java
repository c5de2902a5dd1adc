package io.postflight.topology.lifecycle;

/** A tier that still holds message states is no longer configured. */
public final class UnconfiguredTierException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnconfiguredTierException(String tier) {
    super(
        "messages of tier '"
            + tier
            + "' are still in flight, but the tier is not configured: keep it configured until"
            + " their state is no longer retained");
  }
}
