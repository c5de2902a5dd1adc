package io.postflight.topology.route;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The tenants known here are older than those the gateway knew, and do not become newer in time. A
 * fault of the infrastructure: whether the tenant exists cannot be told now.
 */
public final class TenantsBehindException extends RetriableException {
  private static final long serialVersionUID = 1L;

  TenantsBehindException(String message) {
    super(message);
  }
}
