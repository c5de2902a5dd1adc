package io.postflight.topology.route;

import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.tenant.Tenant;
import java.time.Duration;
import java.util.Optional;

/**
 * Resolves tenants, and reports one as unknown only if that is certain.
 *
 * <p>Gateway and topology read the topic of tenants independently. A webhook of a tenant that was
 * just added may be processed before the tenant has been read here; so the gateway adds the version
 * of its tenants to the record, and a tenant that is not found is looked up again once that version
 * has been read here as well.
 */
public final class TenantResolver {
  private final TenantDirectory tenants;
  private final Duration timeout;

  /**
   * @param timeout how long to wait for a version, within the record's transaction
   */
  public TenantResolver(TenantDirectory tenants, Duration timeout) {
    this.tenants = tenants;
    this.timeout = timeout;
  }

  /**
   * Looks up a tenant, in a snapshot of at least this version if an older one does not contain it.
   *
   * @throws StaleTenantsException if that version is not read in time
   */
  public Optional<Tenant> find(String id, long version) {
    Optional<Tenant> known = tenants.current().find(id);
    if (known.isPresent()) {
      return known;
    }
    if (!tenants.awaitVersion(version, timeout)) {
      throw new StaleTenantsException(
          "tenants have been read up to version "
              + tenants.current().version()
              + "; the gateway used version "
              + version
              + ", which was not read within "
              + timeout,
          version);
    }
    return tenants.current().find(id);
  }

  /** The tenant in the current snapshot. */
  public Optional<Tenant> now(String id) {
    return tenants.current().find(id);
  }

  /** The number of tenants. */
  public int size() {
    return tenants.current().size();
  }
}
