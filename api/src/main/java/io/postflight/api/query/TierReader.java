package io.postflight.api.query;

import io.postflight.store.EventReader;
import io.postflight.store.EventStore;
import io.postflight.store.Tier;

/**
 * A tier and its reader.
 *
 * @param tier the tier
 * @param reader the tier's reader
 */
public record TierReader(Tier tier, EventReader reader) {
  /** Uses a store as the reader of its tier. */
  public static TierReader of(EventStore store) {
    return new TierReader(store.tier(), store);
  }
}
