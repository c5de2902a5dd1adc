package io.postflight.api.erasure;

import io.postflight.schema.recovery.Recoveries;
import java.util.Collection;
import java.util.List;

/**
 * What privacy commands act on.
 *
 * @param ledger makes them durable; stays the caller's to close, after the server
 * @param tiers what erases in each tier
 * @param recoveries which tiers are in recovery: those are not read, and erasures of users wait
 */
public record ErasureBackend(
    CommandLog ledger, Collection<TierEraser> tiers, Recoveries recoveries) {
  /** Where no tier is ever in recovery. */
  public ErasureBackend(CommandLog ledger, Collection<TierEraser> tiers) {
    this(ledger, tiers, Recoveries.NONE);
  }

  /** Copies the list. */
  public ErasureBackend {
    tiers = List.copyOf(tiers);
  }
}
