package io.postflight.api.erasure;

import io.postflight.schema.recovery.Recoveries;
import java.util.Collection;
import java.util.List;

/**
 * What erasure commands act on.
 *
 * @param ledger stores commands durably; closed by the caller, after the server
 * @param tiers the eraser of each tier
 * @param recoveries the tiers in recovery: they are not read, and erasures of users are deferred
 */
public record ErasureBackend(
    CommandLog ledger, Collection<TierEraser> tiers, Recoveries recoveries) {
  /** Without tiers in recovery. */
  public ErasureBackend(CommandLog ledger, Collection<TierEraser> tiers) {
    this(ledger, tiers, Recoveries.NONE);
  }

  /** Validates. */
  public ErasureBackend {
    tiers = List.copyOf(tiers);
  }
}
