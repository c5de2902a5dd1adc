package io.postflight.schema.directory;

import java.time.Duration;

/** Provides the tenants to a role. */
public interface TenantDirectory {
  /** The current snapshot of the tenants; called once per unit of work. Never blocks. */
  TenantSnapshot current();

  /** Whether the tenants have been loaded. Before that, {@link #current} is empty. */
  default boolean loaded() {
    return true;
  }

  /**
   * Waits until the current snapshot has at least this version, or is known to be newer although
   * its version is lower, since the topic was recreated.
   *
   * @return false after the timeout {@code max}, or if the thread was interrupted (the interrupt
   *     status is restored)
   */
  boolean awaitVersion(long version, Duration max);
}
