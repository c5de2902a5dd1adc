package io.postflight.schema.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry is away or will not serve us now (connection refused, timeout, 5xx, 401, 403,
 * 429). A fault of the infrastructure, never of the record: wait, then try again.
 */
public final class RegistryUnavailableException extends RetriableException {
  public RegistryUnavailableException(String message) {
    super(message);
  }

  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
