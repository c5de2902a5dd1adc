package io.postflight.api.erasure;

import java.util.Collection;
import java.util.List;

/**
 * What privacy commands act on.
 *
 * @param ledger makes them durable; stays the caller's to close, after the server
 * @param tiers what erases in each tier
 */
public record Erasing(Ledger ledger, Collection<TierEraser> tiers) {
  /** Copies the list. */
  public Erasing {
    tiers = List.copyOf(tiers);
  }
}
