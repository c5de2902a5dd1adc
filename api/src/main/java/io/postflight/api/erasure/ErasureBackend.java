package io.postflight.api.erasure;

import io.postflight.schema.recovery.Recoveries;

/**
 * What erasure commands need besides the stores.
 *
 * @param ledger stores commands durably; closed by the caller, after the server
 * @param recoveries the tiers in recovery: they are not read, and erasures of users are deferred
 */
public record ErasureBackend(CommandLog ledger, Recoveries recoveries) {
  /** Without tiers in recovery. */
  public ErasureBackend(CommandLog ledger) {
    this(ledger, Recoveries.NONE);
  }
}
