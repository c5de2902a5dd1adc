package io.postflight.schema.directory;

import io.postflight.schema.tenant.Tenant;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A directory that is filled by its owner, for tests and for commands that need no server. Every
 * change creates a new version.
 */
public final class FixedTenants implements TenantDirectory {
  private volatile TenantSnapshot snapshot;

  private FixedTenants(TenantSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** A directory of these tenants, whose version is their number. */
  public static FixedTenants of(Tenant... tenants) {
    return of(List.of(tenants));
  }

  /** A directory of these tenants, whose version is their number. */
  public static FixedTenants of(Collection<Tenant> tenants) {
    TenantSnapshot.Draft draft = TenantSnapshot.EMPTY.draft();
    tenants.forEach(draft::put);
    return new FixedTenants(draft.at(tenants.size()));
  }

  /** Adds or replaces a tenant; returns the new version. */
  public synchronized long put(Tenant tenant) {
    TenantSnapshot.Draft draft = snapshot.draft();
    draft.put(tenant);
    return publish(draft);
  }

  /** Removes a tenant; returns the new version. */
  public synchronized long remove(String id) {
    TenantSnapshot.Draft draft = snapshot.draft();
    draft.remove(id);
    return publish(draft);
  }

  @Override
  public TenantSnapshot current() {
    return snapshot;
  }

  @Override
  public synchronized boolean awaitVersion(long version, Duration max) {
    long end = System.nanoTime() + max.toNanos();
    try {
      while (snapshot.version() < version) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private long publish(TenantSnapshot.Draft draft) {
    snapshot = draft.at(snapshot.version() + 1);
    notifyAll();
    return snapshot.version();
  }
}
