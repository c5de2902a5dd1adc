package io.postflight.topology.route;

import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.tenant.Tenant;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds tenants, and says that one does not exist only when that is certain.
 *
 * <p>Gateway and topology read the topic of tenants each for itself. A webhook of a tenant that was
 * added a moment ago may come here before the tenant does; so the gateway stamps the version that
 * it knew, and a tenant that is not found is waited for until that version is known here too.
 */
public final class TenantResolver {
  private final TenantDirectory tenants;
  private final Duration patience;

  /**
   * @param patience how long a record may wait for a version, within its transaction
   */
  public TenantResolver(TenantDirectory tenants, Duration patience) {
    this.tenants = tenants;
    this.patience = patience;
  }

  /**
   * The tenant, in a snapshot that is at least of this version if it is not found in an older one.
   *
   * @throws StaleTenantsException if that version does not come in time
   */
  public Optional<Tenant> find(String id, long version) {
    Optional<Tenant> known = tenants.current().find(id);
    if (known.isPresent()) {
      return known;
    }
    if (!tenants.awaitVersion(version, patience)) {
      throw new StaleTenantsException(
          "tenants are known up to version "
              + tenants.current().version()
              + ", the gateway knew version "
              + version
              + "; it did not come within "
              + patience,
          version);
    }
    return tenants.current().find(id);
  }

  /** The tenant as known now. */
  public Optional<Tenant> now(String id) {
    return tenants.current().find(id);
  }

  /** How many tenants there are. */
  public int size() {
    return tenants.current().size();
  }
}
