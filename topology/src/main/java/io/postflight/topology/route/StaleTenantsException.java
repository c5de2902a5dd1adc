package io.postflight.topology.route;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The tenants known here are older than those the gateway knew, and do not become newer in time. A
 * fault of the infrastructure: whether the tenant exists cannot be told now.
 */
public final class StaleTenantsException extends RetriableException {
  private static final long serialVersionUID = 1L;

  private final long version;

  StaleTenantsException(String message, long version) {
    super(message);
    this.version = version;
  }

  /** The version of the tenants that is needed. */
  public long version() {
    return version;
  }
}
