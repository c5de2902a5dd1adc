package io.postflight.schema.directory;

import java.time.Duration;

/** Where a role asks for tenants. */
public interface TenantDirectory {
  /** The tenants as known now; take it once per piece of work. Never blocks. */
  TenantSnapshot current();

  /** Whether the tenants are known, be there none. Before, {@link #current} has none. */
  default boolean loaded() {
    return true;
  }

  /**
   * Waits until the current snapshot is at least of this version.
   *
   * @return false if it is not after {@code max}, or if the thread was interrupted (it stays so)
   */
  boolean awaitVersion(long version, Duration max);
}
