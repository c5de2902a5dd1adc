package io.postflight.api.erasure;

import io.postflight.store.EventEraser;
import io.postflight.store.EventStore;
import io.postflight.store.Tier;

/**
 * A tier and its eraser.
 *
 * @param tier the tier
 * @param eraser the tier's eraser
 */
public record TierEraser(Tier tier, EventEraser eraser) {
  /** Uses a store as the eraser of its tier. */
  public static TierEraser of(EventStore store) {
    return new TierEraser(store.tier(), store);
  }
}
