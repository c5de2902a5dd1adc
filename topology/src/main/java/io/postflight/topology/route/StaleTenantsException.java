package io.postflight.topology.route;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The tenants read here are older than those the gateway used, and were not updated in time. An
 * infrastructure fault: it is unknown whether the tenant exists.
 */
public final class StaleTenantsException extends RetriableException {
  private static final long serialVersionUID = 1L;

  private final long version;

  StaleTenantsException(String message, long version) {
    super(message);
    this.version = version;
  }

  /** The required version of the tenants. */
  public long version() {
    return version;
  }
}
