package io.postflight.api.http;

import com.linecorp.armeria.common.HttpStatus;
import java.util.HashMap;
import java.util.Map;

/** Limits concurrent work of one kind, in total and per tenant. */
public final class TenantLimit {
  private final String work;
  private final int max;
  private final int maxPerTenant;
  private final Map<String, Integer> byTenant = new HashMap<>();
  private int all;

  /**
   * Creates a limit.
   *
   * @param work the work in plural, for problems
   */
  public TenantLimit(String work, int max, int maxPerTenant) {
    this.work = work;
    this.max = max;
    this.maxPerTenant = maxPerTenant;
  }

  /**
   * Starts work of a tenant; {@link #release} ends it.
   *
   * @throws Problem 429 at the limit of the tenant, 503 at the limit of all
   */
  public synchronized void acquire(String tenant) {
    if (byTenant.getOrDefault(tenant, 0) >= maxPerTenant) {
      throw Problem.of(
          HttpStatus.TOO_MANY_REQUESTS,
          maxPerTenant + " " + work + " of this tenant are in progress",
          Map.of("retry-after", "1"));
    }
    if (all >= max) {
      throw Problem.unavailable("too many " + work + " are in progress");
    }
    byTenant.merge(tenant, 1, Integer::sum);
    all++;
  }

  /** The same without a problem; false at a limit. */
  public synchronized boolean tryAcquire(String tenant) {
    if (all >= max || byTenant.getOrDefault(tenant, 0) >= maxPerTenant) {
      return false;
    }
    acquire(tenant);
    return true;
  }

  /** Ends work of a tenant. */
  public synchronized void release(String tenant) {
    byTenant.computeIfPresent(tenant, (id, n) -> n == 1 ? null : n - 1);
    all--;
  }
}
