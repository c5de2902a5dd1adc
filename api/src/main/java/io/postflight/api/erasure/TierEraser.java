package io.postflight.api.erasure;

import io.postflight.store.EventEraser;
import io.postflight.store.EventStore;
import io.postflight.store.Tier;

/**
 * A tier and what erases its rows.
 *
 * @param tier the tier
 * @param eraser erases there
 */
public record TierEraser(Tier tier, EventEraser eraser) {
  /** A store as the eraser of its tier. */
  public static TierEraser of(EventStore store) {
    return new TierEraser(store.tier(), store);
  }
}
