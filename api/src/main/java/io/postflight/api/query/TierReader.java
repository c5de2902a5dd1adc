package io.postflight.api.query;

import io.postflight.store.EventReader;
import io.postflight.store.EventStore;
import io.postflight.store.Tier;

/**
 * A tier and what reads it.
 *
 * @param tier the tier
 * @param reader reads it
 */
public record TierReader(Tier tier, EventReader reader) {
  /** A store as the reader of its tier. */
  public static TierReader of(EventStore store) {
    return new TierReader(store.tier(), store);
  }
}
